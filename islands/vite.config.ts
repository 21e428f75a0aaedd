import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Django serves dist/ under /static/ and finds the hashed names in dist/.vite/manifest.json. */
export default defineConfig({
  base: "/static/",
  publicDir: false,
  plugins: [react()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    manifest: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { input: "src/main.ts" },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    // htmx's default build is not an ES module
    alias: { "htmx.org": "htmx.org/dist/htmx.esm.js" },
    setupFiles: ["src/testing/setup.ts"],
    restoreMocks: true,
    unstubGlobals: true,
  },
});
