import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe-core finds wrong with the page as it stands, in both themes; one line each. */
export async function violations(page, name) {
  const found = [];
  for (const theme of ["dark", "light"]) {
    await page.evaluate((t) => (document.documentElement.dataset.theme = t), theme);
    await page.evaluate(async () => {
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      await Promise.allSettled(document.getAnimations().filter((a) => a.effect?.getTiming().iterations !== Infinity).map((a) => a.finished));
    }); // colours fade
    // evaluate is not subject to the page's content security policy.
    await page.evaluate(source);
    const { violations } = await page.evaluate((values) => window.axe.run(document, { runOnly: { type: "tag", values } }), tags);
    for (const v of violations) {
      const where = v.nodes.map((n) => `${n.target.join(" ")} (${n.failureSummary?.split("\n")[1]?.trim()})`);
      found.push(`${name}, ${theme}: ${v.id}: ${v.help}: ${where.slice(0, 3).join("; ")}`);
    }
  }
  await page.evaluate(() => (document.documentElement.dataset.theme = "dark"));
  return found;
}
