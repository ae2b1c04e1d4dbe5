// What the server does of its own: rooms, questions, and showing the door.
import assert from "node:assert/strict";
import { collect, connected, count, eachMode, next, open, opened, test } from "./support.mjs";

for (const [mode, transports] of eachMode) {
  test(`${mode}: a room hears what is said in it, in order`, async (t) => {
    const [ann, bob, cid] = await Promise.all([1, 2, 3].map(() => opened(t, "/lab", { transports })));
    const room = `rooms ${mode}`;
    const heard = [ann, bob, cid].map((s) => collect(s, "said"));
    await Promise.all([ann, bob].map((s) => s.emitWithAck("join", room)));
    for (let i = 0; i < 50; i++) cid.emit("shout", room, "said", i);
    const all = count(50);
    assert.deepEqual(await heard[0].upTo(50), all);
    assert.deepEqual(await heard[1].upTo(50), all);

    await bob.emitWithAck("leave", room);
    await cid.emitWithAck("shout", room, "said", "bob has left");
    await heard[0].upTo(51);
    await cid.emitWithAck("shout", [room, bob.id], "said", "both");
    assert.deepEqual(await heard[0].upTo(52), [...all, "bob has left", "both"]);
    assert.deepEqual(await heard[1].upTo(51), [...all, "both"]);
    assert.deepEqual(heard[2].list, []);
  });

  test(`${mode}: who is in two rooms hears it once, who is left out does not`, async (t) => {
    const [ann, bob] = await Promise.all([1, 2].map(() => opened(t, "/lab", { transports })));
    const rooms = [`a ${mode}`, `b ${mode}`];
    for (const s of [ann, bob]) for (const room of rooms) await s.emitWithAck("join", room);
    const [annHears, bobHears] = [ann, bob].map((s) => collect(s, "said"));
    await ann.emitWithAck("shoutOthers", rooms, "said", "one");
    await ann.emitWithAck("shout", rooms, "said", "two");
    assert.deepEqual(await bobHears.upTo(2), ["one", "two"]);
    assert.deepEqual(await annHears.upTo(1), ["two"]);
    await Promise.all([ann.emitWithAck("all"), bob.emitWithAck("all")]);
    assert.deepEqual([annHears.list.length, bobHears.list.length], [1, 2]);
  });

  test(`${mode}: what may wait a tick comes after what was sent before it`, async (t) => {
    const socket = await opened(t, "/lab", { transports });
    const seen = collect(socket, "tick");
    await socket.emitWithAck("ticks", 20);
    assert.deepEqual(await seen.upTo(20), count(20));
  });

  test(`${mode}: the server is told when its question is not answered`, async (t) => {
    const socket = await opened(t, "/lab", { transports });
    socket.emit("ask", 20, "anybody?");
    const [failed, args] = await next(socket, "answered");
    assert.equal(failed, true);
    assert.deepEqual(args, []);
  });

  test(`${mode}: an expelled socket leaves the connection to the others`, async (t) => {
    const lab = await opened(t, "/lab", { transports });
    const main = await connected(lab.io.socket("/"));
    t.after(() => main.disconnect());
    lab.emit("expel", false);
    assert.equal((await next(lab, "disconnect"))[0], "io server disconnect");
    assert.equal(await main.emitWithAck("echo", 1), 1);
    await connected(lab.connect());
    assert.equal(await lab.emitWithAck("all", 2), 2);
  });

  test(`${mode}: the server closes the whole connection`, async (t) => {
    const lab = await opened(t, "/lab", { transports });
    const main = await connected(lab.io.socket("/"));
    t.after(() => main.disconnect());
    const gone = Promise.all([next(lab, "disconnect"), next(main, "disconnect")]);
    lab.emit("expel", true);
    const [[labReason], [mainReason]] = await gone;
    assert.equal(labReason, "io server disconnect");
    assert.match(mainReason, /^(io server disconnect|transport (close|error))$/);
  });

  test(`${mode}: the others are told when and why a socket has left`, async (t) => {
    const [watcher, other] = await Promise.all([1, 2].map(() => opened(t, "/lab", { transports })));
    await watcher.emitWithAck("join", "watchers");
    const leave = async (how) => {
      const { id } = other;
      const told = new Promise((resolve) => watcher.on("left", (who, why) => who === id && resolve(why)));
      const gone = next(other, "disconnect");
      how();
      const [reason] = await Promise.all([told, gone]);
      await connected(other.connect());
      return reason;
    };
    assert.equal(await leave(() => other.disconnect()), "client namespace disconnect");
    assert.equal(await leave(() => other.emit("expel", false)), "server namespace disconnect");
    assert.equal(await leave(() => other.io.engine.close()), "transport close");
  });
}

test("polling and websocket clients hear the same", async (t) => {
  const sockets = await Promise.all(eachMode.map(([, transports]) => opened(t, "/lab", { transports })));
  const heard = sockets.map((s) => collect(s, "said"));
  await Promise.all(sockets.map((s) => s.emitWithAck("join", "mixed")));
  for (let i = 0; i < 20; i++) open(t, "/lab").emit("shout", "mixed", "said", { i, data: Buffer.from([i]) });
  const all = await Promise.all(heard.map((h) => h.upTo(20)));
  assert.deepEqual(all[1], all[0]);
  assert.deepEqual(all[2], all[0]);
});
