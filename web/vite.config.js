import {defineConfig} from "vite";

/* 3Dmol is loaded when a structure is first shown, uPlot with the first fit: the first paint waits for neither. */
export default defineConfig({
  base: "/",
  esbuild: {jsx: "automatic", jsxImportSource: "preact", legalComments: "none"},
  resolve: {alias: {"3dmol": "3dmol/build/3Dmol.es6-min.js"}},
  build: {target: "es2020", assetsInlineLimit: 0, chunkSizeWarningLimit: 600, modulePreload: {polyfill: false}},
});
