// What the tests share: users of the server, sockets for them, and ways to wait
// for what is sent to a socket.
import assert from "node:assert/strict";
import { test as nodeTest } from "node:test";
import { io } from "socket.io-client";

// client_test.go says where the server is, and where it takes orders.
export const url = process.env.ANTIPHON_URL;
const control = process.env.ANTIPHON_CONTROL;
if (!url || !control) throw new Error("run these tests with: go test -run TestOfficialClient ./internal/app");

const timeout = 60_000; // of a test, which waits for what comes at once or after seconds

export function test(name, run) {
  nodeTest(name, { timeout }, run);
}

// The ways in which a client can connect. The first is what it does unless told
// not to: it polls, and then goes over to a websocket.
const modes = { default: undefined, websocket: ["websocket"], polling: ["polling"] };

// testEach declares a test that is run in every mode, in all of them at once.
// run gets the options of sockets.
export function testEach(name, run) {
  nodeTest(name, { timeout, concurrency: true }, async (t) => {
    const each = Object.entries(modes).map(([mode, transports]) =>
      t.test(mode, { timeout }, (t) => run(t, transports ? { transports } : {})),
    );
    await Promise.all(each);
  });
}

// order has the Go test do something: "stop", "start", "open", "cut", or
// "deactivate?id=" and a number. It returns the address at which the server is
// reached also while the way of url to it is not open.
export async function order(what) {
  const response = await fetch(`${control}/${what}`, { method: "POST" });
  const text = await response.text();
  if (!response.ok) throw new Error(`${what}: ${text}`);
  return text;
}

// rest makes a request as a user, or as nobody, and returns the parsed answer.
export async function rest(user, method, path, body, base = url) {
  const headers = { "content-type": "application/json" };
  if (user) headers.authorization = `Token ${user.key}`;
  const response = await fetch(base + path, { method, headers, body: body && JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return Object.assign(text ? JSON.parse(text) : {}, { cookies: response.headers.getSetCookie() });
}

let born = 0;

// register makes an account, and returns its key and session and what the user
// is called in the Django dialect.
async function register() {
  const full_name = `Person ${++born}`;
  const email = `person${born}@example.org`;
  const password = "correct-horse-7";
  const form = { email, password1: password, password2: password, full_name };
  const { key, cookies } = await rest(null, "POST", "/api/auth/registration/", form);
  const session = cookies.map((c) => /^sessionid=([^;]+)/.exec(c)?.[1]).find(Boolean);
  const { id } = await rest({ key }, "GET", "/api/auth/user/");
  return { key, session, id, full_name };
}

let witness; // somebody who sees all others in his list

// nameOf returns what a user is called in the Node dialect and in the events.
export async function nameOf(full_name) {
  witness ??= register();
  const list = await rest(await witness, "GET", "/api/users");
  return list.find((user) => user.fullName === full_name).clerkId;
}

// newUser registers somebody.
export async function newUser() {
  const user = await register();
  user.name = await nameOf(user.full_name);
  return user;
}

// newUsers registers several.
export function newUsers(n) {
  return Promise.all(Array.from({ length: n }, newUser));
}

// history returns what two users wrote to each other as the Node dialect has it.
export function history(user, other, base) {
  return rest(user, "GET", `/api/users/messages/${other.name}`, undefined, base);
}

// post sends a message by the Django dialect.
export function post(user, receiver, content, base) {
  return rest(user, "POST", "/api/messages/", { receiver: receiver.id, content }, base);
}

// open returns a socket of a user with a connection and an inbox of its own,
// which ends with test t.
export function open(t, user, options = {}) {
  const auth = user && { token: user.key, userId: user.name };
  const socket = io(url, { forceNew: true, auth, ...options });
  socket.inbox = new Inbox(socket);
  t.after(() => socket.disconnect());
  return socket;
}

// enter opens a socket, connects it and announces the user.
export async function enter(t, user, options) {
  const socket = open(t, user, options);
  await connected(socket);
  await announce(socket, user);
  return socket;
}

// announce says that the user is there, and waits until the server has noted
// that.
export async function announce(socket, user) {
  socket.emit("user_connected", user.name);
  await socket.inbox.take("users_online", (ids) => ids.includes(user.name));
  await socket.inbox.take("activities", (list) => list.some(([id]) => id === user.name));
}

// connected resolves when the socket is connected, and fails if it is refused.
export function connected(socket) {
  if (socket.connected) return;
  return new Promise((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
}

// refused resolves to the message with which a socket is refused.
export function refused(socket) {
  return new Promise((resolve, reject) => {
    socket.once("connect", () => reject(new Error("it was let in")));
    socket.once("connect_error", (error) => resolve(error.message));
  });
}

// next resolves to the first argument of the next event.
export function next(emitter, event) {
  return new Promise((resolve) => emitter.once(event, resolve));
}

// say sends a message to a user and returns it as acknowledged.
export async function say(socket, receiver, content) {
  const reply = await socket.emitWithAck("send_message", { receiverId: receiver.name, content });
  assert.equal(reply.ok, true, reply.error);
  return reply.message;
}

// Inbox keeps what a socket receives, as [event, first argument]: where the
// server offers recovery, the last argument is an offset.
class Inbox {
  #wake = [];

  constructor(socket) {
    this.all = [];
    this.seen = new Set();
    socket.onAny((event, first) => {
      this.all.push([event, first]);
      for (const wake of this.#wake.splice(0)) wake();
    });
  }

  // take waits for the first event that matches and that was not taken yet.
  async take(event, match = () => true) {
    for (;;) {
      const found = this.all.find((e) => e[0] === event && !this.seen.has(e) && match(e[1]));
      if (found) {
        this.seen.add(found);
        return found[1];
      }
      await new Promise((resolve) => this.#wake.push(resolve));
    }
  }

  // list returns what has come of an event, taken or not.
  list(event, match = () => true) {
    return this.all.filter((e) => e[0] === event && match(e[1])).map((e) => e[1]);
  }

  // texts returns the contents of the messages of an event from a user.
  texts(event, from) {
    return this.list(event, (m) => m.senderId === from.name).map((m) => m.content);
  }
}
