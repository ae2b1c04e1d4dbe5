// Takes the pictures in docs/screenshots: node screenshots.mjs [URL]
// The server must hold the demo library: make run.
import { mkdirSync } from "node:fs";
import { eventually, launch, person } from "./e2e/browser.mjs";

const base = process.argv[2] ?? "http://127.0.0.1:8080";
const out = new URL("../docs/screenshots/", import.meta.url).pathname;
mkdirSync(out, { recursive: true });

const browser = await launch();

async function signIn(who, email) {
  await who.page.goto("/sign-in");
  await who.page.getByLabel("E-mail").fill(email);
  await who.page.getByRole("textbox", { name: "Password" }).fill("listen-together");
  await who.page.getByRole("button", { name: "Sign in" }).click();
  await who.page.waitForURL((url) => url.pathname === "/");
}

async function shoot(page, name, path) {
  if (path) {
    await page.evaluate((to) => {
      history.pushState(null, "", to);
      dispatchEvent(new PopStateEvent("popstate"));
    }, path);
  }
  if (path) await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.waitForLoadState("networkidle");
  await page.waitForTimeout(400); // for pictures to be drawn
  await page.screenshot({ path: `${out}${name}.png` });
  console.log(name);
}

const json = (page, path) => page.evaluate(async (p) => (await fetch(p)).json(), path);

// The others are there, and listen to something.
const people = ["kwame", "haruto", "saoirse"];
const others = [];
for (const [i, name] of people.entries()) {
  const other = await person(browser, base, "desktop");
  await signIn(other, `${name}@antiphon.example`);
  const { items } = await json(other.page, "/web/api/albums");
  await other.page.goto(`/album/${items[i % items.length].id}`);
  await other.page.getByRole("main").getByRole("button", { name: "Play", exact: true }).first().click();
  others.push(other);
}

const mira = await person(browser, base, "desktop");
const { page } = mira;
await signIn(mira, "mira@antiphon.example");
const albums = (await json(page, "/web/api/albums")).items;
const { items: conversations } = await json(page, "/web/api/conversations");
await page.goto(`/album/${albums[0].id}`);
await page.getByRole("main").getByRole("button", { name: "Play", exact: true }).first().click();
await eventually(async () => {
  if ((await page.getByRole("region", { name: "Player" }).getByRole("button", { name: "Pause" }).count()) === 0) throw new Error("silent");
});
await shoot(page, "home", "/");
await shoot(page, "album", `/album/${albums[0].id}`);
await shoot(page, "search", "/search?q=a");
await shoot(page, "chat", conversations[0] ? `/chat/${conversations[0].person.id}` : "/chat");
await page.getByRole("button", { name: "Open now playing" }).first().click();
await page.getByRole("dialog").waitFor();
await shoot(page, "now-playing");
await page.getByRole("button", { name: "Close now playing" }).click();
await shoot(page, "admin-dashboard", "/admin/");
await shoot(page, "admin-list", "/admin/songs");
const { rows } = await json(page, "/admin/api/songs?limit=1");
await shoot(page, "admin-form", `/admin/songs/${rows[0].id}`);
await page.evaluate(() => (document.documentElement.dataset.theme = "light"));
await shoot(page, "home-light", "/");

const phone = await person(browser, base, "phone", { deviceScaleFactor: 2 });
await signIn(phone, "mira@antiphon.example");
await phone.page.goto(`/album/${albums[1].id}`);
await phone.page.getByRole("main").getByRole("button", { name: "Play", exact: true }).first().click();
await shoot(phone.page, "phone-home", "/");
await shoot(phone.page, "phone-album", `/album/${albums[1].id}`);
await phone.page.getByRole("button", { name: "Open now playing" }).first().click();
await phone.page.getByRole("dialog").waitFor();
await shoot(phone.page, "phone-now-playing");
await phone.page.getByRole("button", { name: "Close now playing" }).click();
await shoot(phone.page, "phone-chat", conversations[0] ? `/chat/${conversations[0].person.id}` : "/chat");
await browser.close();
