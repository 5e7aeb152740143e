// An esbuild plugin that collapses the line breaks and indentation of Lit's templates and styles.
import { readFile } from "node:fs/promises";

/** Return the index behind a string that begins with a quote. */
function afterString(code, start) {
  let at = start + 1;
  while (code[at] !== code[start]) at += code[at] === "\\" ? 2 : 1;
  return at + 1;
}

/** Copy code up to the brace that closes an expression, or to the end. */
function copyCode(code, start, out) {
  const token = /\/\/[^\n]*|\/\*[^]*?\*\/|[`"'{}]|[^`"'{}/]+|\//gy;
  let depth = 0;
  let at = start;
  while (at < code.length) {
    token.lastIndex = at;
    const [found] = token.exec(code);
    if (found === "}" && depth === 0) return at;
    depth += found === "{" ? 1 : found === "}" ? -1 : 0;
    if (found === "`") {
      at = copyTemplate(code, at, out, COLLAPSE[code.slice(at - 5, at).match(/\b(html|svg|css)$/)?.[1]]);
      continue;
    }
    const end = found === '"' || found === "'" ? afterString(code, at) : at + found.length;
    out.push(code.slice(at, end));
    at = end;
  }
  return at;
}

/** Leave out of styles what browsers do not read. */
const styles = (text) =>
  text
    .replace(/\/\*[^]*?\*\//g, "")
    .replace(/\s*([{};,])\s*/g, "$1")
    .replace(/:\s+/g, ":")
    .replace(/;}/g, "}");

const COLLAPSE = {
  html: (text) => text.replace(/\s*\n\s*/g, " "),
  svg: (text) => text.replace(/\s*\n\s*/g, " "),
  css: styles,
};

/** Copy a template literal; return the index behind it. */
function copyTemplate(code, start, out, collapse = (text) => text) {
  let at = start + 1;
  let text = "`";
  const flush = () => {
    out.push(collapse(text));
    text = "";
  };
  while (code[at] !== "`") {
    if (code.startsWith("${", at)) {
      flush();
      out.push("${");
      at = copyCode(code, at + 2, out);
    }
    const length = code[at] === "\\" ? 2 : 1;
    text += code.slice(at, at + length);
    at += length;
  }
  text += "`";
  flush();
  return at + 1;
}

export function collapseTemplates(code) {
  const out = [];
  copyCode(code, 0, out);
  return out.join("");
}

export const templates = {
  name: "templates",
  setup(build) {
    build.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => ({
      contents: collapseTemplates(await readFile(path, "utf8")),
      loader: "ts",
    }));
  },
};
