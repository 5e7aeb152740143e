/** No sentence that a user sees stands in code: each is a text of the translations. */
/// <reference types="vite/client" />

import { transformSync } from "esbuild";
import { parseAst } from "vite";
import { expect, test } from "vitest";

const SOURCES = import.meta.glob<string>("../src/**/*.ts", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** A word beside a blank, or with a capital: a sentence, a part of one, or a name. */
const WORDS = /[A-Za-z]{2,}[.,:;]? +[A-Za-z]{2,}|^[A-Z][a-z]{2,}[.,:;!?]?$/;
/** Attributes of elements that are read. */
const READ = /\s(?:alt|aria-label|label|placeholder|title)="([^"\0]*[A-Za-z]{2}[^"\0]*)"/g;

const MODEL = "model of a device, by which selectors filter";

/** Text of this kind that is in no language, with the reason. */
const ALLOWED: Record<string, string> = {
  "(prefers-color-scheme: dark)": "media query",
  "GridDuck & Heimdall Power": "name of a product",
  ...Object.fromEntries(["Line", "Load limit"].map((each) => [each, MODEL])),
  ...Object.fromEntries(["End", "Escape", "Home"].map((each) => [each, "name of a key"])),
  "No settings": "error for developers; Home Assistant refuses such a configuration before",
  "cs de fi fr sk sv": "codes of languages",
  "display: block; height: 100%; min-height: ": "style",
  "font: inherit; padding: 12px": "style",
};

interface Node {
  type: string;
}

interface Template extends Node {
  expressions: Node[];
  quasis: { value: { cooked: string } }[];
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value;

/** The words of a template of elements: between its tags, and in attributes that are read. */
function wordsOf({ quasis }: Template): string[] {
  const markup = quasis.map(({ value }) => value.cooked).join("\0");
  const between = markup.replace(/<!--.*?-->/gs, "").replace(/<[^>]*>/g, "\n");
  const attributes = [...markup.matchAll(READ)].map(([, text]) => text ?? "");
  return [...(between.match(/[A-Za-z][A-Za-z ]*/g) ?? []), ...attributes];
}

/** Text below a node that may be a sentence. */
function* textsIn(node: unknown): Generator<string> {
  if (Array.isArray(node)) {
    for (const each of node) yield* textsIn(each);
    return;
  }
  if (!isNode(node)) return;
  if (node.type === "TaggedTemplateExpression") {
    const { tag, quasi } = node as Node & { tag: { name?: string }; quasi: Template };
    if (tag.name !== "css") yield* wordsOf(quasi);
    yield* textsIn(quasi.expressions);
    return;
  }
  const { value } = node as Node & { value?: unknown };
  const text = node.type === "TemplateElement" ? (value as { cooked: string }).cooked : value;
  if (typeof text === "string" && WORDS.test(text)) yield text;
  for (const child of Object.values(node)) yield* textsIn(child);
}

const textsOf = (code: string): string[] => [
  ...textsIn(parseAst(transformSync(code, { loader: "ts", target: "esnext" }).code)),
];

test("a sentence is noticed", () => {
  expect(textsOf("const a = 'Nothing here';")).toEqual(["Nothing here"]);
  expect(textsOf("const a = b ? 'Offline' : 'entity_id';")).toEqual(["Offline"]);
  expect(textsOf("const a = `Limit of ${b}`;")).toEqual(["Limit of "]);
  expect(textsOf('html`<p title="Why">${a} off <b>${c}</b></p>`')).toEqual(["off ", "Why"]);
  expect(textsOf("css`p { color: red; margin: 0 auto }`; // A comment here")).toEqual([]);
});

test("no English is left in code", () => {
  const found = Object.entries(SOURCES).flatMap(([path, code]) =>
    textsOf(code).map((text) => ({ path, text })),
  );
  expect(found.filter(({ text }) => !(text in ALLOWED))).toEqual([]);
  expect(new Set(found.map(({ text }) => text))).toEqual(new Set(Object.keys(ALLOWED)));
});
