// Finishes a build of the page, in the folder that Trunk is about to publish:
// 1. moves Trunk's inline start script into a file of its own, named after its hash and checked by the browser, so that
//    the Content-Security-Policy needs no 'unsafe-inline';
// 2. refuses a page that the policy would not let run;
// 3. compresses (compress.mjs).
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compressFolder } from "./compress.mjs";

const folder = process.env.TRUNK_STAGING_DIR ?? process.argv[2] ?? "dist";
const page = join(folder, "index.html");

function fail(message) {
  console.error(`dist: ${message}`);
  process.exit(1);
}

function moveInlineScript(html) {
  const inline = /<script type="module"[^>]*>([\s\S]*?)<\/script>/.exec(html);
  if (!inline || !inline[1].trim()) return html;
  const source = inline[1].trim() + "\n";
  const digest = createHash("sha384").update(source).digest();
  const name = `start-${digest.toString("hex").slice(0, 16)}.js`;
  writeFileSync(join(folder, name), source);
  const tag = `<script type="module" src="./${name}" integrity="sha384-${digest.toString("base64")}"></script>`;
  return html.replace(inline[0], tag);
}

function check(html) {
  for (const script of html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)) {
    if (script[2].trim()) fail("an inline script is left in index.html");
    if (!/\bintegrity="sha384-/.test(script[1])) fail(`a script without integrity: ${script[1]}`);
  }
  if (/\sstyle=|<style\b/.test(html)) fail("an inline style is left in index.html");
  if (/\bnonce=/.test(html)) fail("a fixed nonce is left in index.html");
  if (!html.includes('<base href="/">')) fail("index.html has lost its <base href>, which the server rewrites");
  for (const name of readdirSync(folder).filter((name) => name.endsWith(".js"))) {
    const script = readFileSync(join(folder, name), "utf8");
    if (/\.innerHTML\s*=|\bnew Function\b|\beval\(/.test(script)) {
      fail(`${name} needs innerHTML, Function or eval, which the Content-Security-Policy forbids`);
    }
  }
}

let html = moveInlineScript(readFileSync(page, "utf8"));
html = html.replace(/\snonce="[^"]*"/g, "");
writeFileSync(page, html);
// A development build (trunk serve) carries Trunk's own reload script; only what is published is held to the policy.
if (process.env.TRUNK_PROFILE !== "debug") {
  check(html);
  compressFolder(folder);
}
