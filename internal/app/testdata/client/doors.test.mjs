// A conversation in which one speaks the Django dialect and the other the events.
import assert from "node:assert/strict";
import { enter, history, newUsers, post, rest, say, testEach } from "./support.mjs";

testEach("both doors lead into one room", async (t, options) => {
  const [ann, bob] = await newUsers(2);
  const [a, b] = await Promise.all([enter(t, ann, options), enter(t, bob, options)]);
  const said = [];
  for (let i = 0; i < 5; i++) {
    const sent = await post(ann, bob, `Django ${i}`);
    assert.equal(sent.receiver, bob.id);
    const live = await b.inbox.take("receive_message");
    assert.equal(live.content, sent.content);
    assert.equal(live.senderId, ann.name);
    assert.deepEqual(await a.inbox.take("message_sent"), live);
    const answer = await say(b, ann, `socket ${i}`);
    assert.deepEqual(await a.inbox.take("receive_message"), answer);
    said.push(live, answer);
  }
  const shape = ({ senderId, receiverId, content, _id }) => ({ senderId, receiverId, content, _id });
  for (const [user, other] of [[ann, bob], [bob, ann]]) {
    assert.deepEqual((await history(user, other)).map(shape), said.map(shape));
    const inDjango = await rest(user, "GET", `/api/users/${other.id}/messages/`);
    assert.deepEqual(
      inDjango.map(({ sender, receiver, content }) => [sender, receiver, content]),
      said.map(({ senderId, content }) => [...(senderId === ann.name ? [ann.id, bob.id] : [bob.id, ann.id]), content]),
    );
  }
  assert.equal(b.inbox.list("receive_message").length, 5);
  assert.equal(a.inbox.list("message_sent").length, 5);
});
