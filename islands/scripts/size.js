/**
 * Checks the size of the built bundle against its budgets: the critical path of the first page view, and everything.
 * Sizes are those of Brotli at its highest level, as a static file server sends it.
 */
import { readFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";

const DIST = new URL("../dist/", import.meta.url);
const ENTRY = "src/main.ts";
const BUDGETS = { critical: 20_000, all: 133_000 };

/** @typedef {{ file: string, imports?: string[], dynamicImports?: string[] }} Chunk */
/** @type {Record<string, Chunk>} */
const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", DIST), "utf8"));

/** @param {string} key */
function chunk(key) {
  const found = manifest[key];
  if (!found) throw new Error(`${key} is not in the manifest`);
  return found;
}

/** All chunks that load together with `key`. @param {string} key @returns {Set<string>} */
function staticReach(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of chunk(key).imports ?? []) staticReach(next, seen);
  return seen;
}

/** @param {string} key */
function brotliSize(key) {
  return brotliCompressSync(readFileSync(new URL(chunk(key).file, DIST))).length;
}

/** @param {"critical" | "all"} name @param {string[]} keys */
function report(name, keys) {
  const sizes = keys.map((key) => ({ file: chunk(key).file, size: brotliSize(key) }));
  const total = sizes.reduce((sum, { size }) => sum + size, 0);
  const ok = total <= BUDGETS[name];
  console.log(`${name.padEnd(9)}${total} of ${BUDGETS[name]} bytes brotli${ok ? "" : "  OVER BUDGET"}`);
  for (const { file, size } of sizes) console.log(`  ${String(size).padStart(6)}  ${file}`);
  return ok;
}

const scripts = Object.keys(manifest).filter((key) => chunk(key).file.endsWith(".js"));
const within = [report("critical", [...staticReach(ENTRY)]), report("all", scripts)];
if (within.includes(false)) process.exitCode = 1;
