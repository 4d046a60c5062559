// Finishes a build of the page, in the folder that Trunk is about to publish:
// 1. moves Trunk's inline start script into a file of its own, named after its hash and checked by the browser, so that
//    the Content-Security-Policy needs no 'unsafe-inline';
// 2. joins the style sheets into one and takes out what is only for who reads the sources: comments, indentation and
//    the hashes in the names that the program and its script share;
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
function writeHashed(name, kind, content) {
  const hashed = `${name}-${createHash("sha256").update(content).digest("hex").slice(0, 16)}.${kind}`;
  writeFileSync(join(folder, hashed), content);
  return hashed;
}

/** What is in one of Trunk's files, which is taken out of the folder. */
function take(name) {
  const content = readFileSync(join(folder, name));
  rmSync(join(folder, name));
  return content;
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

/**
 * New names for what the program imports from its script: wasm-bindgen's carry a hash of 16 letters each, in both, which
 * does not compress. Where two would be the same, they are counted.
 */
function shortNames(script) {
  const names = new Map();
  const taken = new Set(script.match(/\b\w+\b/g));
  for (const [name, plain] of script.matchAll(/\b(__wb\w+)_[0-9a-f]{16}\b/g)) {
    if (names.has(name)) continue;
    let short = plain;
    for (let count = 2; taken.has(short); count += 1) short = `${plain}_${count}`;
    taken.add(short);
    names.set(name, short);
  }
  return names;
}

/** The program with its imports renamed: they stand in section 2, each a module, a name and the kind of a function. */
function renameImports(program, names) {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = program[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const text = () => {
    const length = number();
    at += length;
    return program.toString("utf8", at - length, at);
  };
  const written = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...written(value >>> 7)]);
  const named = (name) => [...written(name.length), ...Buffer.from(name)];
  const parts = [program.subarray(0, at)];
  while (at < program.length) {
    const start = at;
    const section = program[at++];
    const end = number() + at;
    if (section === 2) {
      const imports = written(number());
      while (at < end) {
        const [module, name] = [text(), text()];
        if (program[at++] !== 0) fail(`${name} is imported and no function`);
        imports.push(...named(module), ...named(names.get(name) ?? name), 0, ...written(number()));
      }
      parts.push(Buffer.from([section, ...written(imports.length), ...imports]));
    } else {
      parts.push(program.subarray(start, end));
    }
    at = end;
  }
  return Buffer.concat(parts);
}

/** Makes the scripts and the program smaller, and names them after what is in them now. */
function shorten(html) {
  const names = new Map();
  const put = (old, name, kind, content) => {
    html = html.replaceAll(`./${old}`, `./${writeHashed(name, kind, content)}`);
  };
  for (const [, old, name, before] of html.matchAll(/="\.\/(([^"]+)-[0-9a-f]+\.js)"[^>]*integrity="([^"]+)"/g)) {
    const source = withoutComments(take(old).toString());
    for (const [long, short] of shortNames(source)) names.set(long, short);
    const script = source.replace(/\b__wb\w+\b/g, (word) => names.get(word) ?? word);
    put(old, name, "js", script);
    html = html.replace(before, integrity(script));
  }
  for (const [, old, name] of html.matchAll(/href="\.\/(([^"]+)-[0-9a-f]+_bg\.wasm)"/g)) {
    put(old, name, "wasm", renameImports(take(old), names));
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
if (published) html = shorten(joinStyles(html)).replace(/\s*<!--[\s\S]*?-->/g, "");
html = moveInlineScript(html);
html = html.replace(/<link rel="preload"[^>]*>/g, (link) => link.replace(/ integrity="[^"]*"/, ""));
html = html.replace(/\snonce="[^"]*"/g, "");
writeFileSync(page, html);
if (published) {
  check(html);
  compressFolder(folder);
}
