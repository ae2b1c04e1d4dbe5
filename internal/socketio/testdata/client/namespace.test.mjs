// Namespaces: several over one connection, credentials, and refusals.
import assert from "node:assert/strict";
import { Manager } from "socket.io-client";
import { connected, eachMode, next, open, opened, refused, test, url } from "./support.mjs";

// manage returns a manager whose sockets end with test t.
function manage(t, options) {
  const manager = new Manager(url, { reconnectionDelay: 10, ...options });
  t.after(() => manager._close());
  return manager;
}

for (const [mode, transports] of eachMode) {
  test(`${mode}: several namespaces share a connection`, async (t) => {
    const manager = manage(t, { transports });
    const sockets = ["/", "/foo", "/lab"].map((n) => manager.socket(n));
    await Promise.all(sockets.map(connected));
    const [main, foo] = sockets;
    assert.equal(await main.emitWithAck("getId"), main.id);
    assert.equal(await foo.emitWithAck("getId"), foo.id);
    assert.equal(new Set(sockets.map((s) => s.id)).size, 3);
  });

  test(`${mode}: a namespace can be left and others joined`, async (t) => {
    const manager = manage(t, { transports });
    const foo = await connected(manager.socket("/foo"));
    const asd = manager.socket("/asd");
    foo.disconnect();
    await connected(asd);
    const main = await connected(manager.socket("/"));
    assert.equal(await main.emitWithAck("echo", 1), 1);
    assert.equal(asd.connected, true);
  });

  test(`${mode}: a closed connection is opened again for a namespace`, async (t) => {
    const manager = manage(t, { transports });
    const main = await connected(manager.socket("/"));
    const closed = next(manager, "close");
    main.disconnect();
    await closed;
    const foo = await connected(manager.socket("/foo"));
    assert.equal(await foo.emitWithAck("getId"), foo.id);
  });

  test(`${mode}: a namespace nobody knows is refused, the others live`, async (t) => {
    const manager = manage(t, { transports });
    const main = await connected(manager.socket("/"));
    const error = await refused(manager.socket("/nowhere"));
    assert.equal(error.message, "Invalid namespace");
    assert.equal(await main.emitWithAck("echo", "still here"), "still here");
  });

  test(`${mode}: a middleware refuses`, async (t) => {
    assert.equal((await refused(open(t, "/no", { transports }))).message, "Auth failed (custom namespace)");
    assert.equal((await refused(open(t, "/?fail=true", { transports }))).message, "Auth failed (main namespace)");
    const error = await refused(open(t, "/lab", { transports, auth: { refuse: "no stairway" } }));
    assert.equal(error.message, "refused");
    assert.deepEqual(error.data, { why: "no stairway" });
  });

  test(`${mode}: who was refused may try again`, async (t) => {
    const socket = open(t, "/lab", { transports, auth: { refuse: "first" } });
    await refused(socket);
    assert.equal(socket.active, false);
      socket.auth = {};
    await connected(socket.connect());
  });

  test(`${mode}: the query reaches the server`, async (t) => {
    const query = async (namespace, options) => {
      const socket = open(t, namespace, { transports, ...options });
      return (await socket.emitWithAck("getHandshake")).query;
    };
    assert.equal((await query("/", { query: { e: "f" } })).e, "f");
    assert.equal((await query("/?c=d")).c, "d");
    assert.equal((await query("/", { query: { "&a": "&=?a ä" } }))["&a"], "&=?a ä");
  });

  test(`${mode}: query and credentials reach a namespace`, async (t) => {
    const socket = open(t, "/abc?b=c&d=e", { transports, auth: { a: "b", deep: { c: [1] } } });
    const [handshake] = await next(socket, "handshake");
    assert.equal(handshake.query.b, "c");
    assert.equal(handshake.query.d, "e");
    assert.equal(handshake.query.a, undefined);
    assert.deepEqual(handshake.auth, { a: "b", deep: { c: [1] } });
  });

  test(`${mode}: credentials are a namespace's own`, async (t) => {
    const manager = manage(t, { transports });
    const main = manager.socket("/", { auth: (give) => give({ who: "main" }) });
    const abc = manager.socket("/abc", { auth: { who: "abc" } });
    const [[handshake]] = await Promise.all([next(abc, "handshake"), connected(main)]);
    assert.deepEqual(handshake.auth, { who: "abc" });
    assert.deepEqual((await main.emitWithAck("getHandshake")).auth, { who: "main" });
  });
}

test("without credentials they are an empty object", async (t) => {
  const socket = await opened(t);
  assert.deepEqual((await socket.emitWithAck("getHandshake")).auth, {});
});

test("a socket that is opened again has another id", async (t) => {
  const manager = manage(t);
  const socket = await connected(manager.socket("/"));
  const before = socket.id;
  socket.disconnect();
  assert.equal(manager.socket("/"), socket);
  socket.connect();
  await connected(socket);
  assert.notEqual(socket.id, before);
});

test("what is sent goes to the namespace it was sent in", async (t) => {
  const manager = manage(t);
  const [main, lab] = await Promise.all(["/", "/lab"].map((n) => connected(manager.socket(n))));
  await assert.rejects(lab.timeout(50).emitWithAck("echo", 1), /timed out/);
  await assert.rejects(main.timeout(50).emitWithAck("all", 1), /timed out/);
  assert.deepEqual(await Promise.all([main.emitWithAck("echo", 1), lab.emitWithAck("all", 2)]), [1, 2]);
});
