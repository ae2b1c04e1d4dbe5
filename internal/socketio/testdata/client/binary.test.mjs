// Binary data in events and acknowledgements, both ways.
import assert from "node:assert/strict";
import { collect, count, eachMode, next, open, opened, test, upgraded } from "./support.mjs";

for (const [mode, transports] of eachMode) {
  test(`${mode}: receives binary data`, async (t) => {
    const socket = open(t, "/", { transports });
    socket.emit("doge").emit("getbin");
    const [[first], [second]] = await Promise.all([next(socket, "doge"), next(socket, "takebin")]);
    assert.deepEqual([first, second], [Buffer.from("asdfasdf"), Buffer.from("asdfasdf")]);
  });

  test(`${mode}: receives binary data as an ArrayBuffer`, async (t) => {
    const socket = open(t, "/", { transports });
    socket.io.engine.binaryType = "arraybuffer";
    socket.emit("doge");
    const [data] = await next(socket, "doge");
    assert.ok(data instanceof ArrayBuffer);
    assert.equal(Buffer.from(data).toString(), "asdfasdf");
  });

  test(`${mode}: sends binary data of every kind`, async (t) => {
    const socket = open(t, "/", { transports });
    const bytes = Uint8Array.of(0, 30, 255, 98);
    for (const data of [bytes, bytes.buffer, Buffer.from(bytes)]) {
      socket.emit("buffa", data);
      await next(socket, "buffack");
    }
  });

  test(`${mode}: binary data between JSON`, async (t) => {
    const socket = open(t, "/", { transports });
    socket.emit("jsonbuff", { hello: "lol", message: Uint8Array.of(1, 2, 3).buffer, goodbye: "gotcha" });
    await next(socket, "jsonbuff-ack");
  });

  test(`${mode}: binary and plain events keep their order`, async (t) => {
    const socket = open(t, "/", { transports });
    socket.emit("abuff1", Uint8Array.of(1)).emit("abuff2", "please arrive second");
    await next(socket, "abuff2-ack");
  });

  test(`${mode}: attachments come back in their places`, async (t) => {
    const socket = await opened(t, "/lab", { transports });
    const empty = Buffer.alloc(0);
    const value = { a: [Buffer.from("one"), 2, { b: empty }], c: Buffer.from([0x1e, 0, 0xff]), _placeholder: "no", num: 7 };
    const [back, last] = await new Promise((resolve) =>
      socket.emit("all", value, Buffer.from("last"), (...args) => resolve(args)));
    assert.deepEqual(back, value);
    assert.deepEqual(last, Buffer.from("last"));
  });

  test(`${mode}: ten attachments pass`, async (t) => {
    const socket = await opened(t, "/lab", { transports });
    const ten = count(10).map((i) => Buffer.from([i]));
    assert.deepEqual(await socket.emitWithAck("all", ten), ten);
  });

  test(`${mode}: an answer to the server is binary`, async (t) => {
    const socket = await opened(t, "/lab", { transports });
    socket.on("question", (data, reply) => reply({ back: data }, Buffer.from("more")));
    socket.emit("ask", 10_000, Buffer.from("what"));
    const [failed, args] = await next(socket, "answered");
    assert.equal(failed, false);
    assert.deepEqual(args, [{ back: Buffer.from("what") }, Buffer.from("more")]);
  });

  test(`${mode}: much binary data in order, across the upgrade`, async (t) => {
    const socket = open(t, "/lab", { transports });
    const answers = [];
    const all = count(100).map((i) => {
      const data = i % 2 ? Buffer.alloc(2_000, i) : { text: i };
      return socket.emitWithAck("all", data).then((back) => {
        assert.deepEqual(back, data);
        answers.push(i);
      });
    });
    await Promise.all(all);
    if (mode === "upgrade") await upgraded(socket);
    assert.deepEqual(answers, count(100));
  });

  test(`${mode}: every socket of a room receives the attachment`, async (t) => {
    const sockets = await Promise.all([1, 2, 3].map(() => opened(t, "/lab", { transports })));
    const room = `binary ${mode}`;
    const heard = sockets.map((s) => collect(s, "noise"));
    await Promise.all(sockets.map((s) => s.emitWithAck("join", room)));
    await sockets[0].emitWithAck("shout", room, "noise", { data: Buffer.from("boom") });
    for (const h of heard) assert.deepEqual(await h.upTo(1), [{ data: Buffer.from("boom") }]);
  });
}

test("more than ten attachments end the connection", async (t) => {
  const socket = await opened(t, "/lab");
  await upgraded(socket);
  socket.emit("all", count(11).map((i) => Buffer.from([i])));
  const [reason] = await next(socket, "disconnect");
  assert.equal(reason, "transport close");
});
