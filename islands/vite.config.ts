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
    rolldownOptions: {
      input: "src/main.ts",
      // One request for what the first page and deferred features share, one for what only these share, and one for React.
      // With each of them goes what is used with it alone.
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            { name: "shared", test: /src\/(composing|dom|modal|storage|page\/job-count)\.ts$/ },
            {
              name: "later",
              test: /src\/(api\/(client|csrf|errors|exact|field-errors|idempotency-keys|parse)|page\/(open-list|recent|copying|deletion-request)|operate\/(cursor|rows))\.ts$/,
            },
            { name: "react", test: /node_modules\/(react|react-dom|scheduler)\/|src\/runtime\/root\.ts$/ },
          ],
        },
      },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}"],
    // htmx's default build is not an ES module
    alias: { "htmx.org": "htmx.org/dist/htmx.esm.js" },
    // timers.ts first: libraries keep the timer functions that they find
    setupFiles: ["src/testing/timers.ts", "src/testing/setup.ts"],
    // generous for busy machines, as are the waits within a test
    testTimeout: 20_000,
    restoreMocks: true,
    unstubGlobals: true,
  },
});
