// Serves folders with the best compression that the browser takes, from memory: node static.mjs PREFIX=FOLDER...
// Prints the port it listens on.

import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join, relative } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const types = { html: "text/html", js: "text/javascript", css: "text/css", json: "application/json", svg: "image/svg+xml" };
const kept = new Map();

function load(prefix, folder, path = folder) {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const full = join(path, entry.name);
    if (entry.isDirectory()) load(prefix, folder, full);
    else kept.set(`/${prefix}/${relative(folder, full)}`, full);
  }
}

for (const argument of process.argv.slice(2)) load(...argument.split("="));
const bodies = new Map();

createServer((request, response) => {
  const path = new URL(request.url, "http://localhost").pathname;
  const file = kept.get(path);
  if (!file) return response.writeHead(404).end();
  if (!bodies.has(path)) {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
    bodies.set(path, brotliCompressSync(readFileSync(file), { params }));
  }
  const type = types[path.split(".").pop()] ?? "application/octet-stream";
  response.writeHead(200, { "Content-Type": type, "Content-Encoding": "br" }).end(bodies.get(path));
}).listen(0, "127.0.0.1", function () {
  console.log(this.address().port);
});
