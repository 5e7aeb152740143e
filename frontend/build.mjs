// Builds the module that dashboards load: `node build.mjs [FOLDER]`.
import { build } from "esbuild";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { english } from "./english.mjs";
import { templates } from "./templates.mjs";

const FOLDER = resolve(
  import.meta.dirname,
  process.argv[2] ?? "../custom_components/gridduck_heimdall/frontend/dist",
);
const ENTRY = "gridduck-heimdall.js";
// What a first view of a dashboard may load, and all files together.
const MAX_FIRST = 20_000;
const MAX_ALL = 60_000;
// What each first screen needs. Other cards are loaded when they come near it, and those of what is
// wrong, boosted or snoozed only while something is.
const FIRST = ["src/index.ts", "src/overview.ts"];

/** The names of the packages of which something is in the bundle. */
function bundledPackages(metafile) {
  const outputs = Object.values(metafile.outputs);
  const inputs = outputs.flatMap((output) => Object.entries(output.inputs));
  const paths = inputs.filter(([, input]) => input.bytesInOutput > 0);
  const names = paths.map(([path]) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]);
  return [...new Set(names.filter(Boolean))].sort();
}

/** The files that a first view loads, with all that they import. */
function firstFiles({ outputs }) {
  const found = new Set();
  const add = (path) => {
    if (found.has(path)) return;
    found.add(path);
    for (const { path: next, kind } of outputs[path].imports) {
      if (kind === "import-statement") add(next);
    }
  };
  for (const [path, { entryPoint }] of Object.entries(outputs)) {
    if (FIRST.includes(entryPoint)) add(path);
  }
  return found;
}

/** Fail where a string names a property that the build renames: it would name nothing. */
async function checkStrings({ inputs }) {
  for (const path of Object.keys(inputs).filter((one) => one.startsWith("src/"))) {
    const source = await readFile(join(import.meta.dirname, path), "utf8");
    const [named] = source.match(/(["'`])_[a-z]\w*\1/) ?? [];
    if (named) throw new Error(`${path} names the property ${named}, which is renamed`);
  }
}

/** The licence of a package, with its name and version. */
async function licence(name) {
  const folder = join(import.meta.dirname, "node_modules", name);
  const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((one) => /^licen[cs]e/i.test(one));
  if (!file) throw new Error(`${name} comes without its licence`);
  const text = await readFile(join(folder, file), "utf8");
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}

function compressed(content) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  return brotliCompressSync(content, { params }).length;
}

const { metafile, outputFiles } = await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: { "gridduck-heimdall": "src/index.ts" },
  outdir: "out",
  chunkNames: "gridduck-heimdall-[hash]",
  plugins: [templates],
  // Names of private fields; those of Lit begin otherwise.
  mangleProps: /^_[a-z]/,
  define: { ENGLISH: JSON.stringify(english()) },
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  charset: "utf8",
  // They are in LICENSES.txt, in full.
  legalComments: "none",
  conditions: ["production"],
  metafile: true,
  write: false,
});

await checkStrings(metafile);
await rm(FOLDER, { recursive: true, force: true });
await mkdir(FOLDER, { recursive: true });
const needed = firstFiles(metafile);
let first = 0;
let all = 0;
for (const { path, contents } of outputFiles) {
  const file = basename(path);
  const size = compressed(contents);
  const source = metafile.outputs[`out/${file}`].entryPoint ?? "shared";
  const later = !needed.has(`out/${file}`);
  console.log(`${file}: ${contents.length} bytes, ${size} with brotli (${source}${later ? ", later" : ""})`);
  all += size;
  if (!later) first += size;
  await writeFile(join(FOLDER, file), contents);
}
console.log(`With brotli, a first view loads at most ${first} bytes, and all is ${all} bytes`);
if (first > MAX_FIRST) throw new Error(`a first view loads more than ${MAX_FIRST} bytes`);
if (all > MAX_ALL) throw new Error(`all is more than ${MAX_ALL} bytes`);
const licences = await Promise.all(bundledPackages(metafile).map(licence));
await writeFile(
  join(FOLDER, "LICENSES.txt"),
  [`Third-party code in ${ENTRY} and what it loads\n`, ...licences].join(`\n${"-".repeat(72)}\n\n`),
);
