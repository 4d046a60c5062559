// Finishes a build of the page, in the folder that Trunk is about to publish:
// 1. moves Trunk's inline start script into a file of its own, named after its hash and checked by the browser, so that
//    the Content-Security-Policy needs no 'unsafe-inline';
// 2. joins the style sheets into one and takes out what is only for who reads the sources: comments and indentation;
// 3. refuses a page that the policy would not let run;
// 4. compresses (compress.mjs).
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
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

/** Writes a file that is named after what is in it; returns its name. */
function writeHashed(name, kind, text) {
  const hashed = `${name}-${createHash("sha256").update(text).digest("hex").slice(0, 16)}.${kind}`;
  writeFileSync(join(folder, hashed), text);
  return hashed;
}

/** The text of one of Trunk's files, which is taken out of the folder. */
function take(name) {
  const text = readFileSync(join(folder, name), "utf8");
  rmSync(join(folder, name));
  return text;
}

/** Without the comments that stand in lines of their own and without indentation. */
function withoutComments(text) {
  return text.replace(/^\s*(?:\/\*(?:(?!\*\/)[\s\S])*\*\/|\/\/.*)$/gm, "").replace(/^\s+/gm, "");
}

function joinStyles(html) {
  const links = /(\s*<link rel="stylesheet" href="\.\/[^"]+\.css"[^>]*>)+/;
  return html.replace(links, (found) => {
    const sheets = [...found.matchAll(/href="\.\/([^"]+)"/g)].map(([, name]) => take(name));
    const joined = withoutComments(sheets.join(""));
    return `\n  <link rel="stylesheet" href="./${writeHashed("style", "css", joined)}" integrity="${integrity(joined)}">`;
  });
}

function shortenScripts(html) {
  for (const [, name, hash, before] of html.matchAll(/="\.\/([^"]+)-([0-9a-f]+)\.js"[^>]*integrity="([^"]+)"/g)) {
    const script = withoutComments(take(`${name}-${hash}.js`));
    const renamed = writeHashed(name, "js", script);
    html = html.replaceAll(`./${name}-${hash}.js`, `./${renamed}`).replace(before, integrity(script));
  }
  return html;
}

function moveInlineScript(html) {
  const inline = /<script type="module"[^>]*>([\s\S]*?)<\/script>/.exec(html);
  if (!inline || !inline[1].trim()) return html;
  // A preload is not checked for WebAssembly, and browsers say so in their console; a fetch is.
  const source = inline[1].trim().replace(/\n{2,}/g, "\n").replace(/module_or_path: '\.\/([^']+)'/, (_, name) => {
    const checked = integrity(readFileSync(join(folder, name)));
    return `module_or_path: fetch('./${name}', { credentials: "same-origin", integrity: "${checked}" })`;
  }) + "\n";
  const name = writeHashed("start", "js", source);
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

let html = readFileSync(page, "utf8");
// A development build (trunk serve) carries Trunk's own reload script; only what is published is made small and held to
// the policy.
const published = process.env.TRUNK_PROFILE !== "debug";
if (published) html = shortenScripts(joinStyles(html)).replace(/\s*<!--[\s\S]*?-->/g, "");
html = moveInlineScript(html);
html = html.replace(/<link rel="preload"[^>]*>/g, (link) => link.replace(/ integrity="[^"]*"/, ""));
html = html.replace(/\snonce="[^"]*"/g, "");
writeFileSync(page, html);
if (published) {
  check(html);
  compressFolder(folder);
}
