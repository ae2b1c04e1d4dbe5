// Second factors and what comes by mail, as a person with a browser of her own goes through them.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";

const cleo = { name: "Cleo Marsh", email: "cleo@example.org", password: "green-kettle-77" };

/** The code that an authenticator app shows for a secret in base 32 at a step of 30 seconds: RFC 6238. */
export function totp(secret, step) {
  const bits = [...secret].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", key).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** A device that holds passkeys and always agrees. */
async function addAuthenticator({ context, page }) {
  const cdp = await context.newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

async function signIn({ context, page }) {
  await context.clearCookies();
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(cleo.email);
  await page.getByRole("textbox", { name: "Password" }).fill(cleo.password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

const home = (page) => page.getByRole("heading", { level: 1, name: /Cleo/ }).waitFor();

async function confirm(page, button) {
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Your password" }).fill(cleo.password);
  await dialog.getByRole("button", { name: button, exact: true }).click();
}

/** Sets up an authenticator app, signs in with it, then the same with a passkey. */
export async function secondFactors(person, checkAxe) {
  const { page } = person;
  await page.goto("/register");
  await page.getByLabel("Name", { exact: false }).first().fill(cleo.name);
  await page.getByLabel("E-mail").fill(cleo.email);
  await page.getByRole("textbox", { name: "Password" }).fill(cleo.password);
  await page.getByRole("button", { name: "Create account" }).click();
  await home(page);

  await page.goto("/settings");
  await page.getByText("Your e-mail address is not confirmed").waitFor();
  await checkAxe(page, "unverified");
  await page.getByRole("link", { name: "Security" }).click();
  await page.getByRole("button", { name: "Set up an app" }).waitFor();
  await checkAxe(page, "security");

  await page.getByRole("button", { name: "Set up an app" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Your password" }).waitFor();
  await checkAxe(page, "password for the app");
  await confirm(page, "Continue");
  const secret = (await page.getByRole("dialog").locator("code").innerText()).replaceAll(" ", "");
  await checkAxe(page, "secret");
  const step = Math.floor(Date.now() / 30_000);
  await page.getByRole("dialog").getByLabel("Code").fill(totp(secret, step));
  await page.getByRole("dialog").getByRole("button", { name: "Confirm" }).click();
  const codes = page.getByRole("dialog").getByRole("listitem");
  await codes.first().waitFor();
  assert.equal(await codes.count(), 10);
  const recovery = await codes.first().innerText();
  await checkAxe(page, "recovery codes");
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download" }).click()]);
  assert.equal(file.suggestedFilename(), "localhost-recovery-codes.txt");
  await page.getByRole("button", { name: "I have kept them" }).click();
  await page.getByRole("button", { name: "Remove the authenticator app" }).waitFor();

  await signIn(person);
  await page.getByRole("heading", { level: 1, name: "Is it you?" }).waitFor();
  await checkAxe(page, "second step");
  assert.equal(await page.getByLabel("Code").getAttribute("autocomplete"), "one-time-code");
  await page.getByLabel("Code").fill("no code");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByText("This code is not right, or was used already.").waitFor();
  await page.getByLabel("Code").fill(totp(secret, step + 1)); // a code is good once
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await home(page);

  await addAuthenticator(person);
  await page.goto("/settings/security");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: /^Name/ }).fill("Test key");
  await confirm(page, "Continue");
  await page.getByRole("button", { name: "Remove Test key" }).waitFor();
  await checkAxe(page, "security with factors");
  await signIn(person);
  await page.getByRole("button", { name: "Use a passkey" }).waitFor();
  await checkAxe(page, "second step with a passkey");
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await home(page);

  await page.goto("/settings/security");
  await page.getByText("used now").or(page.getByText(/used .* ago/)).waitFor();
  await page.getByRole("button", { name: "Remove Test key" }).click();
  await checkAxe(page, "remove a passkey");
  await confirm(page, "Remove");
  await page.getByRole("button", { name: "Remove Test key" }).waitFor({ state: "detached" });
  await signIn(person);
  await page.getByLabel("Code").fill(recovery);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await home(page);
  await page.goto("/settings/security");
  await page.getByText("9 are left").waitFor();
}

/** An admin takes the second factors from her, and she comes in with the password alone. */
export async function withoutFactors(person, admin) {
  await admin.goto("/admin/users");
  await admin.getByRole("checkbox", { name: /cleo/i }).check();
  await admin.getByRole("button", { name: "Remove second factors" }).click();
  await admin.getByRole("dialog").getByRole("button", { name: "Remove second factors" }).click();
  await admin.getByRole("dialog").waitFor({ state: "detached" });
  await signIn(person);
  await home(person.page);
}

/** The pages to which links in mails lead, with links that do not hold. */
export async function mails({ context, page }, checkAxe) {
  await context.clearCookies();
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await page.getByRole("heading", { level: 1, name: "A new password" }).waitFor();
  await checkAxe(page, "forgot password");
  await page.getByLabel("E-mail").fill(cleo.email);
  await page.goto("/reset-password?key=not-one&uid=1");
  await page.getByRole("textbox", { name: "New password" }).fill("purple-anchor-31");
  assert.equal(new URL(page.url()).search, "", "the key stays in the address");
  await checkAxe(page, "reset password");
  await page.goto("/verify-email?key=not-one");
  await page.getByRole("heading", { level: 1, name: "This link is of no use" }).waitFor();
  assert.equal(new URL(page.url()).search, "", "the key stays in the address");
  await checkAxe(page, "link of no use");
}
