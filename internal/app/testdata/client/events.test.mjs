// Announcing oneself, activities, and messages to whoever is there.
import assert from "node:assert/strict";
import { announce, connected, enter, newUser, newUsers, next, open, say, testEach } from "./support.mjs";

testEach("who announces himself learns of all, and all of him", async (t, options) => {
  const [ann, bob] = await newUsers(2);
  const a = await enter(t, ann, options);
  const b = open(t, bob, options);
  b.emit("user_connected", bob.name); // before it is connected: it waits
  assert.equal(await a.inbox.take("user_connected", (id) => id === bob.name), bob.name);
  const online = await b.inbox.take("users_online");
  assert.deepEqual([ann.name, bob.name].filter((id) => online.includes(id)), [ann.name, bob.name]);
  assert.equal(new Set(online).size, online.length);
  const activities = new Map(await b.inbox.take("activities"));
  assert.equal(activities.get(ann.name), "Idle");
  assert.equal(activities.get(bob.name), "Idle");
});

testEach("a client without transports set goes over to a websocket", async (t, options) => {
  const a = open(t, await newUser(), options);
  await connected(a);
  const { engine } = a.io;
  if (!options.transports && engine.transport.name !== "websocket") await next(engine, "upgrade");
  assert.equal(engine.transport.name, options.transports?.[0] ?? "websocket");
});

testEach("an activity is told when it changes", async (t, options) => {
  const [ann, bob] = await newUsers(2);
  const [a, b] = await Promise.all([enter(t, ann, options), enter(t, bob, options)]);
  const update = (activity) => a.emit("update_activity", { userId: ann.name, activity });
  update("  Playing Night by Moon ");
  update("Playing Night by Moon");
  update("x".repeat(201));
  a.emit("update_activity", { activity: "Playing Day by Sun" });
  update("");
  const isAnns = ({ userId }) => userId === ann.name;
  for (const { inbox } of [a, b]) {
    await inbox.take("activity_updated", (u) => isAnns(u) && u.activity === "Idle");
    assert.deepEqual(
      inbox.list("activity_updated", isAnns).map((u) => u.activity),
      ["Playing Night by Moon", "Playing Day by Sun", "Idle"],
    );
  }
  assert.match(await a.inbox.take("message_error"), /Path `activity` is longer than the maximum allowed length \(200\)/);
  assert.deepEqual(await a.emitWithAck("update_activity", { activity: "Playing again" }), { ok: true });
  const late = await enter(t, await newUser(), options);
  assert.equal(new Map(late.inbox.list("activities")[0]).get(ann.name), "Playing again");
});

testEach("a message reaches every tab of both", async (t, options) => {
  const [ann, bob] = await newUsers(2);
  const [a1, a2, b1, b2] = await Promise.all([ann, ann, bob, bob].map((user) => enter(t, user, options)));
  a1.emit("send_message", { receiverId: bob.name, senderId: ann.name, content: "hi Bob 🎵" });
  for (const [{ inbox }, event] of [[a1, "message_sent"], [a2, "message_sent"], [b1, "receive_message"], [b2, "receive_message"]]) {
    const message = await inbox.take(event);
    assert.deepEqual(Object.keys(message), ["senderId", "receiverId", "content", "_id", "createdAt", "updatedAt", "__v"]);
    assert.equal(message.senderId, ann.name);
    assert.equal(message.receiverId, bob.name);
    assert.equal(message.content, "hi Bob 🎵");
    assert.match(message._id, /^[0-9a-f]{24}$/);
    assert.match(message.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  }
  const reply = await say(b1, ann, "hi Ann");
  assert.deepEqual(await a1.inbox.take("receive_message"), reply);
  assert.deepEqual(await a2.inbox.take("receive_message"), reply);
  assert.deepEqual(await b2.inbox.take("message_sent"), reply);
  assert.equal(a1.inbox.list("receive_message").length, 1);
  assert.equal(b1.inbox.list("receive_message").length, 1);
});

testEach("messages keep their order", async (t, options) => {
  const [ann, bob] = await newUsers(2);
  const [a, b] = await Promise.all([enter(t, ann, options), enter(t, bob, options)]);
  const texts = Array.from({ length: 100 }, (_, i) => `n${i}`);
  const acked = [];
  await Promise.all(texts.map((text) => say(a, bob, text).then(({ content }) => acked.push(content))));
  await b.inbox.take("receive_message", ({ content }) => content === "n99");
  assert.deepEqual(acked, texts);
  assert.deepEqual(a.inbox.texts("message_sent", ann), texts);
  assert.deepEqual(b.inbox.texts("receive_message", ann), texts);
});

testEach("one can write to oneself, and to who is not there", async (t, options) => {
  const [ann, bob] = await newUsers(2);
  const a = await enter(t, ann, options);
  await say(a, ann, "me");
  await say(a, bob, "you there?");
  const events = a.inbox.all.filter(([event]) => /message/.test(event)).map(([event, m]) => [event, m.content]);
  assert.deepEqual(events, [["receive_message", "me"], ["message_sent", "me"], ["message_sent", "you there?"]]);
});

// Who has connected is there for messages, also without announcing himself.
testEach("a message finds a socket that has announced nobody", async (t, options) => {
  const [ann, bob] = await newUsers(2);
  const a = open(t, ann, options);
  const b = open(t, bob, options);
  await Promise.all([connected(a), connected(b)]);
  await say(a, bob, "psst");
  assert.equal((await b.inbox.take("receive_message")).content, "psst");
});

const required = (...paths) =>
  `Message validation failed: ${paths.map((p) => `${p}: Path \`${p}\` is required.`).join(", ")}`;

testEach("what is wrong with an event is told", async (t, options) => {
  const [ann, bob] = await newUsers(2);
  const a = await enter(t, ann, options);
  const to = { receiverId: bob.name, senderId: ann.name };
  const other = "Unauthorized - you can only speak for yourself";
  const wrong = [
    ["send_message", [{ ...to }], required("content")],
    ["send_message", [{ ...to, content: "" }], required("content")],
    ["send_message", [{ content: "hi" }], required("senderId", "receiverId")],
    ["send_message", [{}], required("senderId", "receiverId", "content")],
    ["send_message", [Buffer.from("hello")], required("senderId", "receiverId", "content")],
    ["send_message", ["hello"], required("senderId", "receiverId", "content")],
    ["send_message", [null], "Cannot destructure property 'senderId' of 'data' as it is null."],
    ["send_message", [], "Cannot destructure property 'senderId' of 'data' as it is undefined."],
    ["send_message", [{ ...to, senderId: bob.name, content: "hi" }], other],
    ["send_message", [{ ...to, receiverId: "user_nobody", content: "hi" }],
      "Message validation failed: receiverId: Path `receiverId` names no user."],
    ["send_message", [{ ...to, content: "ä".repeat(10_001) }],
      "Message validation failed: content: Path `content` is longer than the maximum allowed length (10000)."],
    ["update_activity", [null], "Cannot destructure property 'userId' of 'object null' as it is null."],
    ["update_activity", [], "Cannot destructure property 'userId' of 'undefined' as it is undefined."],
    ["update_activity", [{ userId: bob.name, activity: "hacked" }], other],
    ["user_connected", [bob.name], other],
  ];
  for (const [event, args, text] of wrong) {
    a.emit(event, ...args);
    assert.equal(await a.inbox.take("message_error"), text, JSON.stringify([event, ...args]).slice(0, 100));
    assert.deepEqual(await a.emitWithAck(event, ...args), { ok: false, error: text });
  }
  assert.equal(a.inbox.list("message_error").length, wrong.length);
  assert.deepEqual(await a.emitWithAck("user_connected"), { ok: true }); // of oneself
  assert.equal((await say(a, bob, "ä".repeat(10_000))).content.length, 10_000);
  await announce(a, ann);
});
