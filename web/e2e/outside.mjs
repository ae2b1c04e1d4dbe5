// What the entrance says of sign-ins elsewhere and of invitations, as far as it takes no provider and no mail.
import assert from "node:assert/strict";

/** Comes back from a sign-in that failed, and opens an invitation that does not hold. */
export async function outside({ context, page }, checkAxe) {
  await context.clearCookies();
  await page.goto("/sign-in?error=expired&next=%2Fchat");
  await page.getByRole("alert").getByText("This took too long").waitFor();
  assert.equal(new URL(page.url()).search, "?next=%2Fchat", "the error stays in the address");
  await checkAxe(page, "failed elsewhere");
  await page.goto("/register?key=not-one");
  await page.getByRole("heading", { level: 1, name: "This invitation is of no use" }).waitFor();
  assert.equal(new URL(page.url()).search, "", "the key stays in the address");
  await checkAxe(page, "invitation of no use");
  await page.getByRole("link", { name: "To the sign-in" }).click();
  await page.getByLabel("E-mail").waitFor();
}
