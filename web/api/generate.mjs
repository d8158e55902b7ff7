/**
 * Types of what the services take and answer, out of the committed OpenAPI documents.
 *
 *     node api/generate.mjs           write src/shared/api/generated/<service>.ts
 *     node api/generate.mjs --check   exit status 1 where one of them is not what its document says
 */

import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";

const SERVICES = ["registry", "ingest", "query", "alerting"];
const document = (service) => new URL(`../../docs/reference/openapi/${service}.json`, import.meta.url);
const types = (service) => new URL(`../src/shared/api/generated/${service}.ts`, import.meta.url);

/** What has a default may be left out of a body; that answers have all their fields, the documents say themselves. */
const generated = async (service) => COMMENT_HEADER + astToString(await openapiTS(document(service), { defaultNonNullable: false }));

async function isTrue(service) {
  const written = await readFile(types(service), "utf8").catch(() => "");
  return written === (await generated(service));
}

if (process.argv.includes("--check")) {
  const stale = [];
  for (const service of SERVICES) if (!(await isTrue(service))) stale.push(`${service}.ts`);
  if (stale.length > 0) {
    console.error(`src/shared/api/generated: ${stale.join(", ")} differ from docs/reference/openapi. Run: npm --prefix web run api`);
    process.exit(1);
  }
} else {
  for (const service of SERVICES) await writeFile(types(service), await generated(service));
}
