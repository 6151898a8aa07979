import { defineConfig } from 'vite';

/** `scripts/web.mjs` builds with this. `npx vite web` serves the sources instead, over an API on port 3000. */
export default defineConfig({
  root: import.meta.dirname,
  // The server writes a number for each answer in its place.
  html: { cspNonce: 'NONCE-OF-THE-ANSWER' },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // A picture within the code would need `data:` in the policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    // What antd's files say to a server that draws components means nothing here.
    rollupOptions: { onwarn: (warning, warn) => (warning.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : warn(warning)) },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:3000', '/openapi.json': 'http://127.0.0.1:3000' } },
});
