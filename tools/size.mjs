// Prints the size of every file of the built page, raw and compressed; with --check it fails when the whole passes
// the budget in size-budget.json.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
const { brotli: budget, aim } = JSON.parse(readFileSync(join(root, "tools", "size-budget.json"), "utf8"));

/** Every file below a folder, without the copies that are compressed ahead of time: they are the same bytes. */
function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return files(path);
    return /\.(br|gz|zst)$/.test(entry.name) ? [] : [path];
  });
}

function brotli(bytes) {
  const options = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return brotliCompressSync(bytes, { params: options }).length;
}

let paths;
try {
  paths = files(dist);
} catch {
  console.error("There is no dist/ folder. Build the page first: make app");
  process.exit(1);
}
if (!paths.some((path) => path.endsWith(".wasm"))) {
  console.error("dist/ holds no .wasm file. Build the page again: make app");
  process.exit(1);
}

const rows = paths
  .filter((path) => statSync(path).size > 0)
  .map((path) => {
    const bytes = readFileSync(path);
    return { name: relative(dist, path), raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotli(bytes) };
  })
  .sort((a, b) => b.brotli - a.brotli);
const total = rows.reduce(
  (sum, row) => ({ name: "in all", raw: sum.raw + row.raw, gzip: sum.gzip + row.gzip, brotli: sum.brotli + row.brotli }),
  { raw: 0, gzip: 0, brotli: 0 },
);

const width = Math.max(...rows.map((row) => row.name.length), 8);
const line = (name, ...numbers) => console.log(name.padEnd(width) + numbers.map((n) => String(n).padStart(12)).join(""));
line("file", "raw", "gzip", "brotli");
for (const row of [...rows, total]) {
  line(row.name, ...[row.raw, row.gzip, row.brotli].map((n) => n.toLocaleString("en")));
}
console.log(`budget: ${budget.toLocaleString("en")} bytes of brotli, ${Math.round((100 * total.brotli) / budget)} % used`);
if (total.brotli > aim) console.log(`aim: ${aim.toLocaleString("en")} bytes; ${(total.brotli - aim).toLocaleString("en")} to go`);
if (process.argv.includes("--check") && total.brotli > budget) {
  console.error(`The page is ${(total.brotli - budget).toLocaleString("en")} bytes over its budget.`);
  process.exit(1);
}
