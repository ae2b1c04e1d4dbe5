// What the tests share: how to reach the server, and how to wait.
import { test as nodeTest } from "node:test";
import { io } from "socket.io-client";

// client_test.go says where it serves.
export const url = process.env.SOCKETIO_URL;
if (!url) throw new Error("SOCKETIO_URL is not set: run these tests with go test ./internal/socketio");

// test declares a test. What waits for something that never comes fails.
export function test(name, run) {
  nodeTest(name, { timeout: 20_000 }, run);
}

// The ways a client can connect. Upgrade is what clients do unless told not to.
export const modes = {
  upgrade: ["polling", "websocket"],
  websocket: ["websocket"],
  polling: ["polling"],
};

// modes as pairs for a loop around tests.
export const eachMode = Object.entries(modes);

// open returns a socket with a connection of its own, which ends with test t.
export function open(t, namespace = "/", options = {}) {
  const socket = io(url + namespace, { forceNew: true, reconnectionDelay: 10, ...options });
  t.after(() => socket.disconnect());
  return socket;
}

// next resolves to the arguments of the next event.
export function next(emitter, event) {
  return new Promise((resolve) => emitter.once(event, (...args) => resolve(args)));
}

// connected resolves when the socket is, and fails if it is refused.
export async function connected(socket) {
  if (socket.connected) return socket;
  await new Promise((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
  return socket;
}

// opened is open and connected in one.
export function opened(t, namespace, options) {
  return connected(open(t, namespace, options));
}

// refused resolves to the error that a socket is refused with.
export async function refused(socket) {
  const [error] = await Promise.race([
    next(socket, "connect_error"),
    next(socket, "connect").then(() => {
      throw new Error("was not refused");
    }),
  ]);
  return error;
}

// upgraded resolves when the connection has become a websocket.
export async function upgraded(socket) {
  const { engine } = socket.io;
  if (engine.transport.name !== "websocket") await next(engine, "upgrade");
}

// collect gathers the first argument of each event in list, which can be waited
// for: await collected.upTo(3). (The last argument of an event of a namespace
// with recovery is its offset.)
export function collect(emitter, event) {
  const list = [];
  let wake = () => {};
  emitter.on(event, (first) => {
    list.push(first);
    wake();
  });
  return {
    list,
    async upTo(n) {
      while (list.length < n) await new Promise((resolve) => (wake = resolve));
      return list.slice(0, n);
    },
  };
}

// count returns the numbers from nought up to n.
export function count(n) {
  return Array.from({ length: n }, (_, i) => i);
}
