// Writes the types of what the web app reads from the server: of the OpenAPI
// document on standard input, the schemas that the sources name and those that
// they consist of. Paths and the other dialects' schemas are left out.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import openapiTS, { astToString } from "openapi-typescript";

const out = "src/api/schema.d.ts";
const { openapi, info, components } = JSON.parse(await text(process.stdin));

const named = readdirSync("src", { recursive: true, withFileTypes: true })
  .filter((file) => /(?<!\.d)\.tsx?$/.test(file.name))
  .flatMap((file) => [...readFileSync(`${file.parentPath}/${file.name}`, "utf8").matchAll(/\["((?:Web|Admin)\w+)"\]/g)])
  .map(([, name]) => name);

const kept = new Set(named);
for (const name of kept) {
  if (!components.schemas[name]) throw new Error(`the document has no schema ${name}`);
  const parts = JSON.stringify(components.schemas[name]).matchAll(/"#\/components\/schemas\/(\w+)"/g);
  for (const [, part] of parts) kept.add(part);
}
const schemas = Object.fromEntries(Object.entries(components.schemas).filter(([name]) => kept.has(name)));

const types = await openapiTS({ openapi, info, paths: {}, components: { schemas } });
const header = "// Generated from the server's OpenAPI document by types.mjs: run npm run types.\n\n";
writeFileSync(out, header + astToString(types));
