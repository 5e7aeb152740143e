import { defineConfig } from "vitest/config";
// @ts-expect-error: JavaScript, as the build uses it too.
import { english } from "./english.mjs";

export default defineConfig({
  define: { ENGLISH: JSON.stringify(english()) },
  test: {
    // Of a machine that is busy with something else.
    hookTimeout: 120_000,
    testTimeout: 60_000,
  },
});
