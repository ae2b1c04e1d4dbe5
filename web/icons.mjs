// Draws the icons of the installed app from public/mark.svg: node icons.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { launch } from "./e2e/browser.mjs";

const mark = readFileSync("public/mark.svg", "utf8");
const browser = await launch();
for (const [name, size, inset] of [
  ["icon-192.png", 192, 0.14],
  ["icon-512.png", 512, 0.14],
  ["icon-maskable-512.png", 512, 0.24],
]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const round = name.includes("maskable") ? 0 : size * 0.22;
  await page.setContent(
    `<style>body{margin:0}div{width:${size}px;height:${size}px;background:#131211;border-radius:${round}px;display:grid;place-items:center}svg{width:${size * (1 - 2 * inset)}px}</style><div>${mark}</div>`,
  );
  writeFileSync(`public/${name}`, await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
