// A real browser, with the client that the server itself hands out.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import puppeteer from "puppeteer-core";
import { enter, history, nameOf, newUser, newUsers, next, order, post, say, test, url } from "./support.mjs";

let browser;

before(async () => {
  browser = await puppeteer.launch({
    executablePath: process.env.ANTIPHON_CHROMIUM,
    // In containers neither a sandbox nor shared memory can be counted on.
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
  });
});

after(() => browser?.close());

// A page of the server's own origin whose policy allows scripts.
const home = `${url}/healthz`;

// visit opens a page, in a browser of its own or in that of another page, with
// the client of the server on it.
async function visit(t, address, context) {
  context ??= await browser.createBrowserContext();
  t.after(() => context.close().catch(() => {})); // closed already
  const page = await context.newPage();
  await page.goto(address);
  await page.addScriptTag({ url: `${url}/socket.io/socket.io.min.js` });
  return page;
}

// signIn registers somebody from a page, whose browser then has his session.
async function signIn(page) {
  const full_name = `Browser ${Math.random()}`;
  const { id } = await page.evaluate(async (full_name) => {
    const password = "correct-horse-7";
    const form = { email: `${Math.random()}@example.org`, password1: password, password2: password, full_name };
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify(form);
    const made = await fetch("/api/auth/registration/", { method: "POST", headers, body });
    if (!made.ok) throw new Error(await made.text());
    return (await fetch("/api/auth/user/")).json();
  }, full_name);
  return { id, name: await nameOf(full_name) };
}

// connect connects a page as whoever its cookies name, and notes what comes.
async function connect(page, name) {
  await page.evaluate(async (name) => {
    window.got = [];
    window.socket = window.io({ forceNew: true });
    const upgraded = new Promise((resolve) => {
      socket.on("connect", () => {
        const { engine } = socket.io;
        if (engine.transport.name === "websocket") resolve();
        else engine.once("upgrade", resolve);
      });
    });
    socket.onAny((event, first) => window.got.push([event, first]));
    socket.on("connect", () => socket.emit("user_connected", name));
    await new Promise((resolve, reject) => {
      socket.once("users_online", resolve);
      socket.once("connect_error", reject);
    });
    await upgraded;
  }, name);
}

// got waits until a page has received a message, and returns all that have come.
async function got(page, content) {
  const received = await page.waitForFunction(
    (content) => {
      const messages = window.got.filter(([event]) => event === "receive_message").map(([, m]) => m.content);
      return messages.includes(content) && messages;
    },
    { polling: 20 },
    content,
  );
  return received.jsonValue();
}

test("a browser chats with Node, over a reload and a new server", async (t) => {
  const [bob, cat] = await newUsers(2);
  const b = await enter(t, bob);
  const page = await visit(t, home);
  const ann = await signIn(page);
  await connect(page, ann.name);
  await b.inbox.take("user_connected", (id) => id === ann.name);
  assert.equal(await page.evaluate(() => socket.io.engine.transport.name), "websocket");

  await say(b, ann, "hi Ann");
  assert.deepEqual(await got(page, "hi Ann"), ["hi Ann"]);
  const reply = await page.evaluate((to) => socket.emitWithAck("send_message", { receiverId: to, content: "hi Bob" }), bob.name);
  assert.equal(reply.ok, true);
  assert.deepEqual(await b.inbox.take("receive_message"), reply.message);
  await page.evaluate(() => socket.emit("update_activity", { activity: "Playing Night by Moon" }));
  await b.inbox.take("activity_updated", (u) => u.userId === ann.name && u.activity === "Playing Night by Moon");

  // A connection that breaks off.
  const recovered = page.evaluate(
    () => new Promise((resolve) => {
      socket.once("disconnect", () => socket.once("connect", () => resolve(socket.recovered)));
      socket.io.engine.close();
    }),
  );
  await say(b, ann, "perhaps while you were away");
  assert.equal(await recovered, true);
  assert.deepEqual(await got(page, "perhaps while you were away"), ["hi Ann", "perhaps while you were away"]);

  // A reload: who leaves after it is missed, and Ann is not.
  const c = await enter(t, cat);
  await page.reload();
  await page.addScriptTag({ url: "/socket.io/socket.io.min.js" });
  await connect(page, ann.name);
  c.disconnect();
  await b.inbox.take("user_disconnected", (id) => id === cat.name);
  assert.deepEqual(b.inbox.list("user_disconnected", (id) => id === ann.name), []);

  // A new server.
  const gone = page.evaluate(() => new Promise((resolve) => socket.once("disconnect", resolve)));
  await order("stop");
  assert.match(await gone, /^transport (close|error)$/);
  const base = await order("start");
  await post(bob, ann, "meanwhile", base);
  const back = page.evaluate(() => new Promise((resolve) => socket.once("connect", () => resolve(socket.recovered))));
  const backToo = next(b, "connect");
  await order("open");
  assert.equal(await back, false);
  await backToo;
  await say(b, ann, "after");
  assert.deepEqual(await got(page, "after"), ["after"]);
  const contents = (await history(bob, ann)).map(({ content }) => content);
  assert.deepEqual(contents, ["hi Ann", "hi Bob", "perhaps while you were away", "meanwhile", "after"]);
});

test("a browser that is not signed in is refused", async (t) => {
  const page = await visit(t, home);
  const message = await page.evaluate(
    () => new Promise((resolve) => window.io().once("connect_error", (error) => resolve(error.message))),
  );
  assert.equal(message, "Unauthorized");
});

// Cookies know no ports: the browser sends them to the server from this page too.
test("a page of a foreign origin does not get in by cookie", async (t) => {
  const own = await visit(t, home);
  const ann = await signIn(own);
  await connect(own, ann.name);
  const foreign = await visit(t, process.env.ANTIPHON_CONTROL, own.browserContext());
  for (const transports of [["websocket"], ["polling"], ["polling", "websocket"]]) {
    const outcome = await foreign.evaluate(
      (url, transports) => new Promise((resolve) => {
        const socket = window.io(url, { forceNew: true, withCredentials: true, transports, reconnection: false });
        socket.once("connect", () => resolve("let in"));
        socket.once("connect_error", () => resolve("refused"));
      }),
      url, transports,
    );
    assert.equal(outcome, "refused", transports.join());
  }
  const bob = await newUser();
  const b = await enter(t, bob);
  await say(b, ann, "still there?");
  await got(own, "still there?");
});
