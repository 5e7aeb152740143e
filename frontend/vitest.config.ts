import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Of a machine that is busy with something else.
    hookTimeout: 120_000,
    testTimeout: 60_000,
  },
});
