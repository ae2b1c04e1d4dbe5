// Connections that are lost, and a server that is stopped and started again.
import assert from "node:assert/strict";
import { announce, connected, enter, history, newUsers, next, order, post, say, test, testEach } from "./support.mjs";

testEach("who comes back soon has missed nothing", async (t, options) => {
  const [ann, bob] = await newUsers(2);
  const [a, b] = await Promise.all([enter(t, ann, options), enter(t, bob, options)]);
  await say(a, bob, "0");
  await b.inbox.take("receive_message");
  const { id } = b;
  const texts = ["0"];
  for (let round = 0; round < 3; round++) {
    b.io.reconnection(false);
    b.io.engine.close();
    if (b.connected) await next(b, "disconnect");
    for (let i = 0; i < 3; i++) texts.push((await say(a, bob, `${round} away ${i}`)).content);
    b.connect();
    await connected(b);
    assert.equal(b.recovered, true);
    assert.equal(b.id, id);
    texts.push((await say(a, bob, `${round} back`)).content);
    await b.inbox.take("receive_message", ({ content }) => content === `${round} back`);
    assert.deepEqual(b.inbox.texts("receive_message", ann), texts);
  }
  // He was never away for long, and is still there without saying so again.
  assert.deepEqual(a.inbox.list("user_disconnected", (who) => who === bob.name), []);
  const c = await enter(t, ann, options);
  assert.ok(c.inbox.list("users_online")[0].includes(bob.name));
});

testEach("who says goodbye is not recovered", async (t, options) => {
  const [ann] = await newUsers(1);
  const a = await enter(t, ann, options);
  const { id } = a;
  a.disconnect().connect();
  await connected(a);
  assert.equal(a.recovered, false);
  assert.notEqual(a.id, id);
});

for (const [name, transports] of [["default", undefined], ["websocket", ["websocket"]], ["polling", ["polling"]]]) {
  const options = transports ? { transports } : {};

  test(`${name}: a network that fails is got over`, async (t) => {
    const [ann, bob] = await newUsers(2);
    const b = await enter(t, bob, options);
    await post(ann, bob, "before");
    await b.inbox.take("receive_message");
    const gone = next(b, "disconnect");
    const base = await order("cut");
    await gone;
    await post(ann, bob, "meanwhile", base);
    const back = next(b, "connect");
    await order("open");
    await back;
    assert.equal(b.recovered, true);
    await post(ann, bob, "after");
    await b.inbox.take("receive_message", ({ content }) => content === "after");
    assert.deepEqual(b.inbox.texts("receive_message", ann), ["before", "meanwhile", "after"]);
  });

  test(`${name}: a server that is started again is found again`, async (t) => {
    const [ann, bob] = await newUsers(2);
    const [a, b] = await Promise.all([enter(t, ann, options), enter(t, bob, options)]);
    await say(a, bob, "before");
    await b.inbox.take("receive_message");
    const gone = Promise.all([next(a, "disconnect"), next(b, "disconnect")]);
    await order("stop");
    for (const reason of await gone) assert.match(reason, /^transport (close|error)$/);

    const base = await order("start");
    await post(ann, bob, "meanwhile", base);
    const back = Promise.all([next(a, "connect"), next(b, "connect")]);
    await order("open");
    await back;
    assert.equal(b.recovered, false);
    await Promise.all([announce(a, ann), announce(b, bob)]);
    await say(a, bob, "after");
    await b.inbox.take("receive_message", ({ content }) => content === "after");
    assert.deepEqual(b.inbox.texts("receive_message", ann), ["before", "after"]);
    const contents = (await history(bob, ann)).map(({ content }) => content);
    assert.deepEqual(contents, ["before", "meanwhile", "after"]);
  });
}
