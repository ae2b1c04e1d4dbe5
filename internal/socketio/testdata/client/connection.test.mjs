// Connecting, and plain events and acknowledgements both ways.
import assert from "node:assert/strict";
import { collect, connected, count, eachMode, next, open, opened, test, upgraded, url } from "./support.mjs";

for (const [mode, transports] of eachMode) {
  test(`${mode}: connects and answers`, async (t) => {
    const socket = open(t, "/", { transports });
    socket.emit("hi");
    await next(socket, "hi");
    assert.equal(socket.recovered, false);
    assert.match(socket.io.engine.id, /^[\w-]{20}$/);
    assert.notEqual(socket.id, socket.io.engine.id);
    assert.equal(await socket.emitWithAck("getId"), socket.id);
  });

  test(`${mode}: values arrive as they are`, async (t) => {
    const socket = open(t, "/", { transports });
    const values = [
      null, false, true, 0, -1.5, 1e21, 9007199254740991, "", "<&>\u2028", "\u0000\"\\", "Ä ж て 🎵",
      [], {}, [[1, [2]], { a: [null] }], { "": 1, "ключ": { deep: [{}] } },
    ];
    for (const value of values) assert.deepEqual(await socket.emitWithAck("echo", value), value);
  });

  test(`${mode}: an acknowledgement has every argument`, async (t) => {
    const socket = await opened(t, "/lab", { transports });
    const got = await new Promise((resolve) => socket.emit("all", 1, "two", { three: 3 }, (...args) => resolve(args)));
    assert.deepEqual(got, [1, "two", { three: 3 }]);
    const none = await new Promise((resolve) => socket.emit("all", (...args) => resolve(args)));
    assert.deepEqual(none, []);
  });

  test(`${mode}: the server asks for an acknowledgement`, async (t) => {
    const socket = open(t, "/", { transports });
    socket.on("ack", (reply) => reply(5, { test: true }));
    socket.emit("ack");
    await next(socket, "got it");
  });

  test(`${mode}: dates are text, false is false`, async (t) => {
    const socket = open(t, "/", { transports });
    const date = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
    assert.match(await socket.emitWithAck("getAckDate", { test: true }), date);
    socket.emit("getDate").emit("getDateObj").emit("false");
    const [[plain], [object], [no]] = await Promise.all(["takeDate", "takeDateObj", "false"].map((e) => next(socket, e)));
    assert.match(plain, date);
    assert.match(object.date, date);
    assert.equal(no, false);
  });

  test(`${mode}: letters of every kind, in order`, async (t) => {
    const socket = open(t, "/", { transports });
    const texts = collect(socket, "takeUtf8");
    socket.emit("getUtf8");
    assert.deepEqual(await texts.upTo(5), ["てすと", "Я Б Г Д Ж Й", "Ä ä Ü ü ß", "utf8 — string", "utf8 — string"]);
  });

  test(`${mode}: events stay in order while the connection is made and upgraded`, async (t) => {
    const socket = open(t, "/", { transports });
    const answers = [];
    const all = [];
    const send = (i) => all.push(socket.emitWithAck("echo", i).then((v) => answers.push(v)));
    for (let i = 0; i < 100; i++) send(i);
    await connected(socket);
    for (let i = 100; i < 200; i++) send(i);
    await all[0];
    for (let i = 200; i < 300; i++) send(i);
    if (mode === "upgrade") await upgraded(socket);
    for (let i = 300; i < 400; i++) send(i);
    await Promise.all(all);
    assert.deepEqual(answers, count(400));
    assert.equal(socket.io.engine.transport.name, mode === "polling" ? "polling" : "websocket");
  });

  test(`${mode}: a message close to the limit passes`, async (t) => {
    const socket = await opened(t, "/", { transports });
    const text = "ä".repeat(490_000);
    assert.equal(await socket.emitWithAck("echo", text), text);
  });

  test(`${mode}: a message over the limit ends the connection`, async (t) => {
    const socket = await opened(t, "/", { transports });
    if (mode === "upgrade") await upgraded(socket);
    socket.emit("echo", "x".repeat(1_000_001));
    const [reason] = await next(socket, "disconnect");
    assert.match(reason, /^transport (close|error)$/);
    await next(socket, "connect");
  });

  test(`${mode}: pings are answered, and nothing else happens`, async (t) => {
    const socket = await opened(t, "/", { transports });
    const pings = collect(socket.io, "ping");
    socket.on("disconnect", (reason) => assert.fail(reason));
    await pings.upTo(4);
    assert.equal(await socket.emitWithAck("echo", 1), 1);
    socket.off("disconnect");
  });

  test(`${mode}: disconnect clears the id`, async (t) => {
    const socket = await opened(t, "/", { transports });
    const gone = next(socket, "disconnect");
    socket.disconnect();
    assert.deepEqual((await gone)[0], "io client disconnect");
    assert.equal(socket.id, undefined);
  });
}

test("an upgrade keeps the session and its sockets", async (t) => {
  const socket = await opened(t);
  const before = [socket.id, socket.io.engine.id];
  await upgraded(socket);
  assert.equal(await socket.emitWithAck("getId"), before[0]);
  assert.deepEqual([socket.id, socket.io.engine.id], before);
});

test("a client that does not wait for the handshake gives up, by either transport", async (t) => {
  for (const transports of [["polling"], ["websocket"]]) {
    const socket = open(t, "/", { transports, timeout: 0, reconnection: false });
    const [error] = await next(socket, "connect_error");
    assert.equal(error.message, "timeout");
    socket.io.timeout(20_000);
    socket.connect();
    await next(socket, "connect");
  }
});

test("another path is not the server's", async (t) => {
  for (const path of ["/elsewhere", "/socket.io/more"]) {
    const socket = open(t, "/", { path, reconnection: false });
    const [error] = await next(socket, "connect_error");
    assert.equal(error.type, "TransportError");
  }
});

test("the served bundle is a client", async () => {
  const answer = await fetch(`${url}/socket.io/socket.io.esm.min.js`);
  assert.equal(answer.headers.get("content-type"), "application/javascript; charset=utf-8");
  const source = Buffer.from(await answer.arrayBuffer());
  const bundle = await import(`data:text/javascript;base64,${source.toString("base64")}`);
  assert.equal(bundle.protocol, 5);
  assert.equal(typeof bundle.io, "function");
});
