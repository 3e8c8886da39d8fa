import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `vite` in development sends what the pages ask of the server. */
const server = process.env.ANHUAN_SERVER ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../dist/console",
    emptyOutDir: true,
    target: "es2022",
    chunkSizeWarningLimit: 1200,
    // The content security policy allows no inline scripts.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  server: { port: 5173, proxy: { "/api": { target: server, changeOrigin: false } } },
});
