// Builds the module that dashboards load: `node build.mjs [FOLDER]`.
import { build } from "esbuild";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const FOLDER = resolve(
  import.meta.dirname,
  process.argv[2] ?? "../custom_components/gridduck_heimdall/frontend/dist",
);
const FILE = "gridduck-heimdall.js";
// What a first view of a dashboard may load.
const MAX_BROTLI = 20_000;

/** The names of the packages of which something is in the bundle. */
function bundledPackages(metafile) {
  const [output] = Object.values(metafile.outputs);
  const paths = Object.entries(output.inputs).filter(([, input]) => input.bytesInOutput > 0);
  const names = paths.map(([path]) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]);
  return [...new Set(names.filter(Boolean))].sort();
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

const { metafile, outputFiles } = await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ["src/index.ts"],
  outfile: FILE,
  bundle: true,
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
const code = outputFiles[0].contents;
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
const size = brotliCompressSync(code, quality).length;
console.log(`${FILE}: ${code.length} bytes, ${size} with brotli`);
if (size > MAX_BROTLI) throw new Error(`more than ${MAX_BROTLI} bytes with brotli`);
const licences = await Promise.all(bundledPackages(metafile).map(licence));
await mkdir(FOLDER, { recursive: true });
await writeFile(join(FOLDER, FILE), code);
await writeFile(
  join(FOLDER, "LICENSES.txt"),
  ["Third-party code in gridduck-heimdall.js\n", ...licences].join(`\n${"-".repeat(72)}\n\n`),
);
