// What a client does around a lost connection, and what it sends again.
import assert from "node:assert/strict";
import { collect, connected, eachMode, next, open, opened, test } from "./support.mjs";

for (const [mode, transports] of eachMode) {
  test(`${mode}: comes back by itself, as the same even if nothing was sent before`, async (t) => {
    const socket = await opened(t, "/", { transports });
    const before = socket.id;
    const back = next(socket.io, "reconnect");
    const gone = next(socket, "disconnect");
    // It closes once what it still sends is sent, by polling perhaps not at once.
    socket.io.engine.close();
    await gone;
    assert.equal(socket.id, undefined);
    await back;
    await connected(socket);
    assert.equal(socket.recovered, true);
    assert.equal(socket.id, before);
    assert.equal(await socket.emitWithAck("getId"), before);
  });

  test(`${mode}: comes back when told to, and then by itself`, async (t) => {
    const socket = await opened(t, "/", { transports });
    const before = socket.id;
    socket.disconnect();
    await connected(socket.connect());
    assert.notEqual(socket.id, before);
    const back = next(socket.io, "reconnect");
    socket.io.engine.close();
    await back;
    await connected(socket);
    assert.equal(await socket.emitWithAck("echo", 1), 1);
  });

  test(`${mode}: disconnecting and connecting at once`, async (t) => {
    const socket = await opened(t, "/", { transports });
    const reasons = collect(socket, "disconnect");
    await connected(socket.disconnect().connect());
    assert.equal(await socket.emitWithAck("echo", 1), 1);
    assert.deepEqual(reasons.list, ["io client disconnect"]);
  });

  test(`${mode}: what was sent meanwhile is delivered after`, async (t) => {
    const socket = await opened(t, "/", { transports });
    socket.disconnect();
    const answers = Promise.all([1, Buffer.from("two"), 3].map((v) => socket.emitWithAck("echo", v)));
    socket.connect();
    assert.deepEqual(await answers, [1, Buffer.from("two"), 3]);
  });

  test(`${mode}: what was sent while the connection was lost is delivered after`, async (t) => {
    const socket = await opened(t, "/", { transports });
    const gone = next(socket, "disconnect");
    socket.io.engine.close();
    await gone;
    assert.deepEqual(await Promise.all([1, 2, 3].map((v) => socket.emitWithAck("echo", v))), [1, 2, 3]);
  });

  test(`${mode}: a volatile event is dropped while there is no connection`, async (t) => {
    const socket = open(t, "/lab", { transports, autoConnect: false });
    socket.volatile.emit("count", "volatile");
    socket.emit("count", "plain");
    socket.connect();
    assert.deepEqual(await socket.emitWithAck("counts"), ["plain"]);
  });

  test(`${mode}: a volatile event is delivered over a connection that is ready`, async (t) => {
    const socket = await opened(t, "/lab", { transports });
    // A client's transport is not always ready: volatile events are tried until one is sent.
    const answer = new Promise((resolve) => {
      const again = setInterval(() => {
        socket.volatile.emit("all", "here", (value) => {
          clearInterval(again);
          resolve(value);
        });
      }, 20);
      t.after(() => clearInterval(again));
    });
    assert.equal(await answer, "here");
  });

  test(`${mode}: retried events keep their order and are acknowledged once each`, async (t) => {
    const socket = open(t, "/lab", { transports, retries: 2, ackTimeout: 10_000 });
    const answers = [];
    const sent = [1, 2, 3].map((i) => new Promise((resolve) =>
      socket.emit("all", i, (error, value) => resolve(answers.push([error, value])))));
    await Promise.all(sent);
    assert.deepEqual(answers, [[null, 1], [null, 2], [null, 3]]);
  });

  test(`${mode}: an event nobody acknowledges is sent as often as told`, async (t) => {
    const socket = await opened(t, "/", { transports, retries: 3, ackTimeout: 50 });
    const asked = collect(socket, "ack");
    const error = await new Promise((resolve) => socket.emit("ack", resolve));
    assert.ok(error instanceof Error);
    await asked.upTo(4);
    assert.equal(await new Promise((resolve) => socket.emit("echo", 1, (_, value) => resolve(value))), 1);
    assert.equal(asked.list.length, 4);
  });

  test(`${mode}: retried events wait for the connection`, async (t) => {
    const socket = open(t, "/", { transports, autoConnect: false, retries: 3, ackTimeout: 10_000 });
    const answer = new Promise((resolve) => socket.emit("echo", "late", (...args) => resolve(args)));
    socket.connect();
    assert.deepEqual(await answer, [null, "late"]);
  });
}

test("an event sent in the connect handler is sent once", async (t) => {
  const socket = open(t, "/lab", { retries: 3, ackTimeout: 10_000 });
  await new Promise((resolve) => socket.on("connect", () => socket.emit("count", "once", resolve)));
  const counts = await new Promise((resolve) => socket.emit("counts", (_, value) => resolve(value)));
  assert.deepEqual(counts, ["once"]);
});

test("an acknowledgement that does not come times out", async (t) => {
  const socket = await opened(t);
  await assert.rejects(socket.timeout(20).emitWithAck("unknown"), /timed out/);
  const other = await opened(t, "/", { ackTimeout: 20 });
  assert.ok((await new Promise((resolve) => other.emit("unknown", resolve))) instanceof Error);
  assert.equal(await socket.timeout(10_000).emitWithAck("echo", 42), 42);
});

test("an acknowledgement fails when the client disconnects", async (t) => {
  const socket = await opened(t);
  const answer = assert.rejects(socket.emitWithAck("echo", "a"), /disconnected/);
  socket.disconnect();
  await answer;
  assert.equal(await socket.connect().emitWithAck("echo", "b"), "b");
});

test("one socket gives up and another of the same connection comes back", async (t) => {
  const main = await opened(t);
  const foo = await connected(main.io.socket("/foo"));
  t.after(() => foo.disconnect());
  main.io.once("reconnect_attempt", () => main.disconnect());
  main.io.engine.close();
  await next(foo, "connect");
  assert.equal(main.connected, false);
  assert.equal(await foo.emitWithAck("getId"), foo.id);
});

test("what is no packet ends the connection, and it is made anew", async (t) => {
  const socket = await opened(t, "/", { transports: ["websocket"] });
  const { engine } = socket.io;
  const back = next(socket.io, "reconnect");
  engine.send("this is no packet");
  await back;
  await connected(socket);
  assert.notEqual(socket.io.engine, engine);
});
