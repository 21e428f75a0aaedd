export default {
  input: "openapi.json",
  // Node.js resolves no import without its ending.
  output: { path: "sdk", importFileExtension: ".js" },
  logs: { file: false },
  plugins: ["@hey-api/client-fetch", "@hey-api/typescript", "@hey-api/sdk"],
};
