// Finishes a build of the page, in the folder that Trunk is about to publish:
// 1. moves Trunk's inline start script into a file of its own, named after its hash and checked by the browser, so that
//    the Content-Security-Policy needs no 'unsafe-inline';
// 2. takes the comments out of index.html, which are for who reads the source;
// 3. refuses a page that the policy would not let run;
// 4. compresses (compress.mjs).
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

function integrity(bytes) {
  return "sha384-" + createHash("sha384").update(bytes).digest("base64");
}

function moveInlineScript(html) {
  const inline = /<script type="module"[^>]*>([\s\S]*?)<\/script>/.exec(html);
  if (!inline || !inline[1].trim()) return html;
  // A preload is not checked for WebAssembly, and browsers say so in their console; a fetch is.
  const source = inline[1].trim().replace(/\n{2,}/g, "\n").replace(/module_or_path: '\.\/([^']+)'/, (_, name) => {
    const checked = integrity(readFileSync(join(folder, name)));
    return `module_or_path: fetch('./${name}', { credentials: "same-origin", integrity: "${checked}" })`;
  }) + "\n";
  const name = `start-${createHash("sha256").update(source).digest("hex").slice(0, 16)}.js`;
  writeFileSync(join(folder, name), source);
  const tag = `<script type="module" src="./${name}" integrity="${integrity(source)}"></script>`;
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
    if (/\bnew Function\b|\beval\(/.test(script)) {
      fail(`${name} needs Function or eval, which the Content-Security-Policy forbids`);
    }
  }
  // A page with Trusted Types may not set markup, and `view!` never does; who calls it brings the name into the glue.
  for (const name of readdirSync(folder).filter((name) => name.endsWith(".js"))) {
    if (/\b(innerHTML|outerHTML|insertAdjacentHTML)\b/.test(readFileSync(join(folder, name), "utf8"))) {
      fail(`${name} sets markup, which the Content-Security-Policy forbids: build elements instead`);
    }
  }
}

let html = moveInlineScript(readFileSync(page, "utf8"));
html = html.replace(/\s*<!--[\s\S]*?-->/g, "");
html = html.replace(/<link rel="preload"[^>]*>/g, (link) => link.replace(/ integrity="[^"]*"/, ""));
html = html.replace(/\snonce="[^"]*"/g, "");
writeFileSync(page, html);
// A development build (trunk serve) carries Trunk's own reload script; only what is published is held to the policy.
if (process.env.TRUNK_PROFILE !== "debug") {
  check(html);
  compressFolder(folder);
}
