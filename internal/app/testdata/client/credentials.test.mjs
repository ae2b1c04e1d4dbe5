// Who is let in, and who does not stay.
import assert from "node:assert/strict";
import { connected, enter, newUser, newUsers, next, open, order, refused, rest, say, testEach } from "./support.mjs";

const refusal = "Unauthorized";

testEach("credentials of every kind are taken", async (t, options) => {
  const ann = await newUser();
  const ways = [
    { auth: { token: ann.key } },
    { auth: { token: ann.key, userId: ann.name } },
    { extraHeaders: { Authorization: `Bearer ${ann.key}` } },
    { extraHeaders: { Authorization: `Token ${ann.key}` } },
    { extraHeaders: { Cookie: `sessionid=${ann.session}` } },
    { extraHeaders: { Cookie: `__session=${ann.key}` } },
    { auth: { token: "wrong" }, extraHeaders: { Cookie: `sessionid=${ann.session}` } },
  ];
  for (const way of ways) {
    const socket = open(t, null, { ...options, ...way });
    await connected(socket);
    socket.emit("user_connected");
    assert.ok((await socket.inbox.take("users_online")).includes(ann.name));
  }
});

testEach("others are refused", async (t, options) => {
  const [ann, bob] = await newUsers(2);
  const ways = [
    {},
    { auth: {} },
    { auth: { userId: ann.name } },
    { auth: { token: "wrong" } },
    { auth: { token: 7 } },
    { auth: { token: ann.key, userId: bob.name } },
    { auth: { token: ann.key, userId: 7 } },
    { extraHeaders: { Authorization: "Bearer wrong" } },
    { extraHeaders: { Cookie: "sessionid=wrong; __session=wrong" } },
    { auth: { userId: bob.name }, extraHeaders: { Cookie: `sessionid=${ann.session}` } },
  ];
  for (const way of ways) {
    assert.equal(await refused(open(t, null, { ...options, ...way })), refusal, JSON.stringify(way));
  }
});

// within fails if a promise takes longer than the server may.
async function within(seconds, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took more than ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

testEach("whose key is revoked is disconnected", async (t, options) => {
  const [ann, bob] = await newUsers(2);
  const byKey = [await enter(t, ann, options), await enter(t, ann, options)];
  const bySession = open(t, null, { ...options, extraHeaders: { Cookie: `sessionid=${ann.session}` } });
  const b = await enter(t, bob, options);
  await connected(bySession);
  const gone = Promise.all(byKey.map((socket) => next(socket, "disconnect")));
  await rest(ann, "POST", "/api/auth/logout/");
  assert.deepEqual(await within(5, gone), ["io server disconnect", "io server disconnect"]);
  assert.equal(await refused(byKey[0].connect()), refusal);
  // Nobody else is touched.
  assert.equal((await say(b, ann, "still there?")).content, "still there?");
  assert.equal((await bySession.inbox.take("receive_message")).content, "still there?");
  assert.equal(byKey[1].inbox.list("receive_message").length, 0);
});

testEach("who is deactivated is disconnected, wherever he came by", async (t, options) => {
  const [ann, bob] = await newUsers(2);
  const b = await enter(t, bob, options);
  const sockets = [
    await enter(t, ann, options),
    open(t, null, { ...options, extraHeaders: { Cookie: `sessionid=${ann.session}` } }),
  ];
  await connected(sockets[1]);
  const gone = Promise.all(sockets.map((socket) => next(socket, "disconnect")));
  await order(`deactivate?id=${ann.id}`);
  assert.deepEqual(await within(5, gone), ["io server disconnect", "io server disconnect"]);
  for (const socket of sockets) assert.equal(await refused(socket.connect()), refusal);
  assert.equal(await b.inbox.take("user_disconnected", (id) => id === ann.name), ann.name);
});
