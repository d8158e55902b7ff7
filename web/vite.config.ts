import react from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { shell } from "./shell.ts";

const api = process.env["ANDON_API"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react(), shell()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // No inlined assets: the pages run under a policy that allows neither data: URLs nor inline scripts.
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false }, manifest: true },
  // The tokens are read by the test of their contrasts.
  test: { css: { include: /tokens\.css/ } },
  server: {
    port: 5173,
    proxy: {
      "/api": { target: api, ws: true },
      "/grafana": { target: api, ws: true },
      "/readyz": api,
      "/healthz": api,
    },
  },
});
