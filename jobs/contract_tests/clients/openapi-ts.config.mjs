export default {
  input: "openapi.json",
  // Node.js does not resolve imports without a file extension.
  output: { path: "sdk", importFileExtension: ".js" },
  logs: { file: false },
  plugins: ["@hey-api/client-fetch", "@hey-api/typescript", "@hey-api/sdk"],
};
