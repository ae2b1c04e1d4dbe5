// Connection state recovery: who comes back soon is who he was, and has missed
// nothing.
import assert from "node:assert/strict";
import { collect, eachMode, next, opened, test } from "./support.mjs";

// drop ends the connection of a socket as if it were lost, and waits until
// watcher has heard of it.
async function drop(socket, watcher) {
  const { id } = socket;
  socket.io.reconnection(false);
  const left = new Promise((resolve) => watcher.on("left", (who, reason) => who === id && resolve(reason)));
  const gone = next(socket, "disconnect");
  socket.io.engine.close();
  const [reason] = await Promise.all([left, gone]);
  return reason;
}

// pair returns a socket that is in a room of its own and has an offset, and a
// watcher.
async function pair(t, name, options) {
  const [socket, watcher] = await Promise.all([opened(t, "/lab", options), opened(t, "/lab")]);
  await Promise.all([watcher.emitWithAck("join", "watchers"), socket.emitWithAck("join", name)]);
  const first = next(socket, "first");
  await watcher.emitWithAck("shout", name, "first");
  await first;
  return [socket, watcher];
}

for (const [mode, transports] of eachMode) {
  test(`${mode}: id, rooms and missed events come back`, async (t) => {
    const room = `recovery ${mode}`;
    const [socket, watcher] = await pair(t, room, { transports, auth: { user: "ann" } });
    const { id } = socket;
    assert.equal(socket.recovered, false);
    assert.equal(await drop(socket, watcher), "transport close");

    const news = collect(socket, "news");
    await watcher.emitWithAck("shout", room, "news", 1);
    await watcher.emitWithAck("shout", id, "news", { two: ["ä"] });
    await watcher.emitWithAck("shout", "another room", "news", "not for this one");
    await watcher.emitWithAck("shoutVolatile", room, "news", "may be lost");
    await watcher.emitWithAck("shout", room, "news", 3);

    socket.connect();
    await next(socket, "connect");
    assert.equal(socket.recovered, true);
    assert.equal(socket.id, id);
    await watcher.emitWithAck("shout", room, "news", "live");
    assert.deepEqual(await news.upTo(4), [1, { two: ["ä"] }, 3, "live"]);
    assert.equal(await socket.emitWithAck("getId"), id);
  });

  test(`${mode}: recovery works more than once`, async (t) => {
    const room = `again ${mode}`;
    const [socket, watcher] = await pair(t, room, { transports });
    const { id } = socket;
    const news = collect(socket, "news");
    for (let i = 0; i < 3; i++) {
      await drop(socket, watcher);
      await watcher.emitWithAck("shout", room, "news", i);
      socket.connect();
      await next(socket, "connect");
      assert.equal(socket.recovered, true);
      assert.equal(socket.id, id);
    }
    assert.deepEqual(await news.upTo(3), [0, 1, 2]);
  });

  test(`${mode}: who disconnects is not recovered`, async (t) => {
    const [socket] = await pair(t, `leaving ${mode}`, { transports });
    const { id } = socket;
    socket.disconnect().connect();
    await next(socket, "connect");
    assert.equal(socket.recovered, false);
    assert.notEqual(socket.id, id);
  });

  test(`${mode}: who is expelled is not recovered`, async (t) => {
    const [socket] = await pair(t, `expelled ${mode}`, { transports });
    const { id } = socket;
    const gone = next(socket, "disconnect");
    socket.emit("expel", false);
    assert.deepEqual((await gone)[0], "io server disconnect");
    socket.connect();
    await next(socket, "connect");
    assert.equal(socket.recovered, false);
    assert.notEqual(socket.id, id);
  });
}

test("another identity is not recovered", async (t) => {
  const room = "identities";
  const [socket, watcher] = await pair(t, room, { auth: { user: "ann" } });
  const { id } = socket;
  await drop(socket, watcher);
  const news = collect(socket, "news");
  await watcher.emitWithAck("shout", room, "news", "for ann");
  socket.auth = { user: "bob" };
  socket.connect();
  await next(socket, "connect");
  assert.equal(socket.recovered, false);
  assert.notEqual(socket.id, id);
  await socket.emitWithAck("all");
  assert.deepEqual(news.list, []);
});

test("who is refused by the middleware is not recovered", async (t) => {
  const [socket, watcher] = await pair(t, "refusals", { auth: { user: "ann" } });
  await drop(socket, watcher);
  socket.auth = { user: "ann", refuse: "banned meanwhile" };
  socket.connect();
  const [error] = await next(socket, "connect_error");
  assert.deepEqual(error.data, { why: "banned meanwhile" });
  assert.equal(socket.recovered, false);
});

test("each namespace of a connection recovers for itself", async (t) => {
  const [socket, watcher] = await pair(t, "several", {});
  const main = socket.io.socket("/");
  t.after(() => main.disconnect());
  main.emit("hi");
  await next(main, "hi");
  const before = [socket.id, main.id];
  await drop(socket, watcher);
  socket.connect();
  main.connect();
  await Promise.all([next(socket, "connect"), next(main, "connect")]);
  assert.deepEqual([socket.id, main.id], before);
  assert.deepEqual([socket.recovered, main.recovered], [true, true]);
});
