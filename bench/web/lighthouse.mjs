// Runs Lighthouse on the pages of a server that holds the demo library, and
// weighs what they load: node lighthouse.mjs [URL]
// The last line of each page says whether the targets are met: performance and
// best practices 95, accessibility 100; 130 kB of script at first, compressed.
import { gzipSync } from "node:zlib";
import { launch as launchChrome } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const base = (process.argv[2] ?? "http://127.0.0.1:8080").replace(/\/$/, "");
const account = { email: "mira@antiphon.example", password: "listen-together" };
const targets = { performance: 95, accessibility: 100, "best-practices": 95 };

const response = await fetch(`${base}/web/api/session`, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(account),
});
if (!response.ok) throw new Error(`signing in: ${response.status} ${await response.text()}`);
const cookie = response.headers.get("set-cookie").split(";")[0];
const get = async (path) => (await fetch(base + path, { headers: { cookie } })).json();
const [album] = (await get("/web/api/albums?limit=1")).items;
const [conversation] = (await get("/web/api/conversations?limit=1")).items;

const pages = { home: "/", album: `/album/${album.id}`, chat: `/chat/${conversation.person.id}` };
const html = await (await fetch(base)).text();
let script = 0;
for (const [, path] of html.matchAll(/(?:src|href)="([^"]+\.js)"/g)) {
  script += gzipSync(Buffer.from(await (await fetch(base + path)).arrayBuffer()), { level: 9 }).length;
}
console.log(`script that index.html names: ${(script / 1000).toFixed(1)} kB gzip (target 130): ${script <= 130_000 ? "met" : "MISSED"}`);

const chrome = await launchChrome({
  chromePath: process.env.ANTIPHON_CHROMIUM ?? "/usr/bin/chromium",
  chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

/** Runs Lighthouse on a page; again if the browser gave it no trace, as one that starved sometimes does. */
async function run(url, device) {
  for (let attempt = 1; ; attempt++) {
    const { lhr } = await lighthouse(
      url,
      { port: chrome.port, onlyCategories: Object.keys(targets), extraHeaders: { Cookie: cookie }, logLevel: "silent" },
      device === "desktop" ? desktopConfig : undefined,
    );
    const failed = lhr.runtimeError ?? Object.values(lhr.audits).find((audit) => audit.scoreDisplayMode === "error");
    if (!failed || attempt === 3) return lhr;
  }
}

let missed = script > 130_000;
for (const device of ["desktop", "mobile"]) {
  for (const [name, path] of Object.entries(pages)) {
    const lhr = await run(base + path, device);
    const scores = Object.entries(targets).map(([id, target]) => {
      const score = Math.round(lhr.categories[id].score * 100);
      if (score < target) missed = true;
      return `${id} ${score}${score < target ? ` (target ${target}: MISSED)` : ""}`;
    });
    const times = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"].map(
      (id) => `${id} ${lhr.audits[id].displayValue}`,
    );
    console.log(`${device} ${name}: ${scores.join(", ")}; ${times.join(", ")}`);
    for (const { auditRefs } of Object.values(lhr.categories)) {
      for (const { id, weight } of auditRefs) {
        const audit = lhr.audits[id];
        if (weight > 0 && audit.score !== null && audit.score < 0.9) console.log(`  ${id}: ${audit.title} ${audit.displayValue ?? ""}`);
      }
    }
  }
}
chrome.kill();
process.exit(missed ? 1 : 0);
