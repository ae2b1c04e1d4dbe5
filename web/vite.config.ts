/// <reference types="vitest/config" />
import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Where `antiphon serve` listens while the development server runs.
const server = process.env["ANTIPHON_URL"] ?? "http://127.0.0.1:8080";

// What comes first comes in three files at once, since a large one that shares
// its line with covers and fonts is the last to arrive; and React's own stays in
// the browser's store when only the app has changed. With main.tsx goes all that
// it imports, and what several views share that is too small for a file.
function chunkOf(id: string): string | undefined {
  if (/\/node_modules\/(react|react-dom|scheduler)\//.test(id)) return "react";
  if (/\/node_modules\/(@tanstack\/(query-core|react-query)|react-router|zustand)\//.test(id)) return "data";
  if (id.endsWith("/src/main.tsx") || /\/src\/features\/account\/(next|RequireSignIn)\./.test(id)) return "index";
  return undefined;
}

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2023",
    outDir: "dist",
    manifest: true, // internal/transport/webui reads which files a view needs
    assetsInlineLimit: 0, // the content security policy allows no data: fonts
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: { output: { manualChunks: chunkOf } },
  },
  server: {
    proxy: {
      "/web/api": server,
      "/admin/api": server,
      "/media": server,
      "/socket.io": { target: server, ws: true },
    },
  },
  test: { environment: "jsdom", include: ["src/**/*.test.{ts,tsx}"] },
});
