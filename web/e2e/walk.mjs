// Goes through the whole app as people would: node walk.mjs URL desktop|phone [axe]
// With axe, it also looks at every view for barriers.
// The server holds one admin and nothing else.
import assert from "node:assert/strict";
import { violations } from "./axe.mjs";
import { eventually, launch, person } from "./browser.mjs";
import { wav } from "./music.mjs";
import { outside } from "./outside.mjs";
import { mails, secondFactors, withoutFactors } from "./security.mjs";
import { Client, pixel } from "./seed.mjs";

const [base, size, axe] = process.argv.slice(2);
const phone = size === "phone";
const admin = { email: "ada@example.org", password: "correct-horse-1" };
const wrong = []; // what axe found, of all views

const client = new Client(base);
await client.signIn(admin.email, admin.password);
const seeded = [];
for (const [i, title] of ["First light", "Second wind", "Third rail", "Fourth wall", "Fifth avenue", "Sixth sense", "Seventh heaven"].entries()) {
  seeded.push(await client.addSong(title, 90, 220 + 40 * i));
}
const albumId = await client.addAlbum("Ordinals", "The Counters", pixel, seeded.slice(0, 5));

const browser = await launch();
const anna = await person(browser, base, size);
const ben = await person(browser, base, size);
const ada = await person(browser, base, size);
const cleo = await person(browser, base.replace("127.0.0.1", "localhost"), size); // passkeys need a name

async function step(name, run) {
  const began = Date.now();
  try {
    await run();
  } catch (error) {
    for (const { page } of [anna, ben, ada, cleo]) console.error(page.url(), "\n", (await page.locator("body").innerText()).slice(0, 1500));
    throw new Error(`${name}: ${error.stack}`);
  }
  console.log(`${name}: ${Date.now() - began} ms`);
}

async function checkAxe(page, name) {
  // What stands in for content that is on its way has nothing to reach by keyboard.
  await page.locator("[role=status]", { hasText: "Loading" }).first().waitFor({ state: "detached" });
  if (axe) wrong.push(...(await violations(page, name)));
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `${name} is ${overflow} px wider than the window`);
}

/** Opens a page without loading the app anew, so that the music plays on. */
async function go(page, path) {
  await page.evaluate((to) => {
    history.pushState(null, "", to);
    dispatchEvent(new PopStateEvent("popstate"));
  }, path);
}

const play = (page) => page.getByRole("region", { name: "Player" });

async function register({ page }, name, email) {
  await page.goto("/register");
  await page.getByRole("heading", { level: 1 }).waitFor();
  await checkAxe(page, "register");
  await page.getByLabel("Name", { exact: false }).first().fill(name);
  await page.getByLabel("E-mail").fill(email);
  await page.getByRole("textbox", { name: "Password" }).fill("12345");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByText(/At least 8 characters/).first().waitFor();
  await page.getByRole("textbox", { name: "Password" }).fill("blue-harbour-42");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { level: 1, name: new RegExp(name.split(" ")[0]) }).waitFor();
}

await step("register", async () => {
  await register(anna, "Anna Lind", "anna@example.org");
  await register(ben, "Ben Okoro", "ben@example.org");
  anna.complaints.length = ben.complaints.length = 0; // the refused password is a 400 that the browser logs
});

await step("home", () => checkAxe(anna.page, "home"));

await step("play and seek", async () => {
  const { page } = anna;
  await go(page, `/album/${albumId}`);
  await page.getByRole("heading", { level: 1, name: "Ordinals" }).waitFor();
  await checkAxe(page, "album");
  if (phone) await page.getByRole("main").getByRole("button", { name: "Play", exact: true }).first().click();
  else await page.getByRole("main").getByRole("button", { name: "Play First light by" }).dblclick();
  await play(page).getByRole("button", { name: "Pause" }).first().waitFor();
  if (phone) await play(page).getByRole("button", { name: "Open now playing" }).first().click();
  const slider = page.getByRole("slider", { name: "Position in the song" }).last();
  await eventually(async () => assert.ok(Number(await slider.inputValue()) > 0));
  // To 80 of 90 seconds. By way of the end the song might be over before the key that goes back.
  await slider.focus();
  for (const key of ["Home", "PageUp", "PageUp", ...Array(4).fill("ArrowRight")]) await page.keyboard.press(key);
  await eventually(async () => assert.ok(Number(await slider.inputValue()) > 75));
  if (!phone) await play(page).getByRole("button", { name: "Open now playing" }).first().click();
  await page.getByRole("dialog", { name: "Now playing" }).waitFor();
  await checkAxe(page, "now playing");
  // It hands over to the next song by itself.
  await page.getByText(/^Now playing: Second wind/).waitFor({ state: "attached" });
  await page.getByRole("button", { name: "Close now playing" }).click();
});

await step("queue", async () => {
  const { page } = anna;
  if (phone) {
    await play(page).getByRole("button", { name: "Open now playing" }).first().click();
    await page.getByRole("button", { name: "Open the queue" }).click();
  } else {
    await play(page).getByRole("button", { name: "Queue" }).click();
  }
  const drag = page.getByRole("button", { name: "Reorder Fifth avenue" });
  await drag.waitFor();
  await checkAxe(page, "queue");
  await drag.focus();
  await page.keyboard.press("Space");
  await page.getByText(/Fifth avenue is (picked up|at place 5)/).waitFor({ state: "attached" });
  await eventually(async () => {
    await page.keyboard.press("ArrowUp"); // one that comes before the rows are measured does nothing
    await page.getByText(/Fifth avenue is at place [1-4]/).waitFor({ state: "attached", timeout: 500 });
  });
  await page.keyboard.press("Space");
  await eventually(async () => {
    const names = await page.getByRole("button", { name: /^Reorder/ }).evaluateAll((all) => all.map((b) => b.getAttribute("aria-label")));
    assert.ok(names.indexOf("Reorder Fifth avenue") < names.indexOf("Reorder Fourth wall"), names.join());
  });
  await page.keyboard.press("Escape");
  if (await page.getByRole("button", { name: "Close now playing" }).isVisible()) {
    await page.getByRole("button", { name: "Close now playing" }).click();
  }
});

await step("activity", async () => {
  await go(ben.page, "/friends");
  await ben.page.getByRole("heading", { level: 1, name: "Friends" }).waitFor();
  await ben.page.getByRole("main").getByText("Second wind").first().waitFor();
  await checkAxe(ben.page, "friends");
  await anna.page.getByRole("region", { name: "Player" }).getByRole("button", { name: "Pause" }).first().click();
  await eventually(async () => assert.equal(await ben.page.getByRole("main").getByText("Second wind").count(), 0));
});

await step("chat", async () => {
  const me = await anna.page.evaluate(async () => (await (await fetch("/web/api/people?q=Ben")).json()).items[0].id);
  await anna.page.goto(`/chat/${me}`); // and writes before the app is connected
  const write = anna.page.getByRole("textbox", { name: /message/i });
  await write.fill("Do you hear this?");
  await write.press("Enter");
  await anna.page.getByText("Do you hear this?").last().waitFor();
  await go(ben.page, "/chat");
  await ben.page.getByRole("main").getByRole("link", { name: /Anna Lind/ }).first().click();
  await ben.page.getByRole("main").getByText("Do you hear this?").last().waitFor();
  const answer = ben.page.getByRole("textbox", { name: /message/i });
  await answer.fill("Loud and clear");
  await answer.press("Enter");
  await anna.page.getByText("Loud and clear").last().waitFor();
  await checkAxe(anna.page, "chat");
  await go(anna.page, "/chat");
  await checkAxe(anna.page, "conversations");
});

await step("browsing", async () => {
  for (const path of ["/albums", "/artists", "/artist/The%20Counters", "/songs", `/song/${seeded[0].id}`, "/search?q=wind", "/settings", "/settings/password", "/settings/sign-ins", "/settings/privacy", "/settings/appearance", "/nowhere"]) {
    await go(anna.page, path);
    await anna.page.getByRole("main").getByRole("heading", { level: 1 }).waitFor();
    await anna.page.waitForLoadState("networkidle");
    await checkAxe(anna.page, path);
  }
});

await step("state is kept", async () => {
  await anna.page.reload();
  await play(anna.page).getByText("Second wind").first().waitFor();
  assert.equal(await play(anna.page).getByRole("button", { name: "Play" }).first().isVisible(), true);
});

await step("admin signs in", async () => {
  await ada.page.goto("/admin/");
  await ada.page.getByLabel("E-mail").waitFor();
  await checkAxe(ada.page, "sign in");
  await ada.page.getByLabel("E-mail").fill(admin.email);
  await ada.page.getByRole("textbox", { name: "Password" }).fill(admin.password);
  await ada.page.getByRole("button", { name: "Sign in" }).click();
  await ada.page.getByRole("heading", { level: 1, name: "Dashboard" }).waitFor();
  await ada.page.getByText("Plays by day").first().waitFor();
  await checkAxe(ada.page, "dashboard");
});

await step("admin uploads three songs", async () => {
  const { page } = ada;
  await go(page, "/admin/upload");
  await checkAxe(page, "upload");
  await page.getByLabel("Choose files").setInputFiles(
    ["Eighth note", "Ninth gate", "Tenth muse"].map((title, i) => ({ name: `${title}.wav`, mimeType: "audio/wav", buffer: wav(2, 500 + 30 * i) })),
  );
  await page.getByText("3 of 3 added").waitFor();
});

await step("admin edits", async () => {
  const { page } = ada;
  await go(page, "/admin/songs");
  await page.getByRole("link", { name: "Tenth muse" }).waitFor();
  await checkAxe(page, "songs in admin");
  await page.getByRole("link", { name: "Tenth muse" }).click();
  await page.getByRole("textbox", { name: "Title" }).fill("");
  await checkAxe(page, "song in admin");
  await page.getByRole("button", { name: "Save and continue editing" }).click();
  await page.getByText("Please correct what is marked below.").waitFor();
  ada.complaints.length = 0; // the refused form is a 400 that the browser logs
  await page.getByRole("textbox", { name: "Title" }).fill("Tenth planet");
  await page.getByRole("button", { name: "Save and continue editing" }).click();
  await page.getByRole("heading", { level: 1, name: "Tenth planet" }).waitFor();
  await page.getByRole("link", { name: "History" }).click();
  await page.getByText("Tenth muse").first().waitFor();
  await checkAxe(page, "history");
});

await step("admin deletes in bulk", async () => {
  const { page } = ada;
  await go(page, "/admin/songs");
  await page.getByRole("checkbox", { name: /Eighth note/ }).check();
  await page.getByRole("checkbox", { name: /Ninth gate/ }).check();
  await page.getByRole("button", { name: /^Delete/ }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/Eighth note/).waitFor();
  await checkAxe(page, "delete");
  await dialog.getByRole("button", { name: /^Delete/ }).click();
  await page.getByRole("link", { name: "Ninth gate" }).waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Tenth planet" }).waitFor();
});

await step("the rest of admin", async () => {
  for (const path of ["/admin/albums", "/admin/albums/add", `/admin/albums/${albumId}`, "/admin/users", "/admin/users/add", "/admin/messages", "/admin/tokens", "/admin/sessions", "/admin/log", "/admin/jobs", "/admin/server-log"]) {
    await go(ada.page, path);
    await ada.page.getByRole("heading", { level: 1 }).waitFor();
    if (path !== "/admin/server-log") await ada.page.waitForLoadState("networkidle");
    await checkAxe(ada.page, path);
  }
  await go(ada.page, "/admin/log");
  await ada.page.getByText("Tenth planet").first().waitFor();
});

await step("second factors", () => secondFactors(cleo, checkAxe));

await step("admin removes second factors", () => withoutFactors(cleo, ada.page));

await step("mails", () => mails(cleo, checkAxe));

await step("outside", () => outside(cleo, checkAxe));

await step("German", async () => {
  await go(anna.page, "/settings/appearance");
  await anna.page.getByText("Deutsch").click();
  await anna.page.getByRole("heading", { level: 1, name: "Einstellungen" }).waitFor();
});

cleo.complaints = cleo.complaints.filter((text) => !/status of 40[014]/.test(text)); // what she got wrong on purpose
const complaints = [anna, ben, ada, cleo].flatMap((p) => p.complaints);
await browser.close();
assert.deepEqual(wrong, [], "what axe found");
assert.deepEqual(complaints, [], "what the browser complained about");
console.log("all is well");
