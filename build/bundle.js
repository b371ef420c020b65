/**
 * Bundles the four programs into dist/: desktop main, preload, page and terminal (which also holds the web shell).
 * Everything we import is bundled, so nothing but Electron and Node is needed at run time.
 *   node build/bundle.js [desktop|preload|renderer|cli]…
 */
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = [...builtinModules, ...builtinModules.map((name) => `node:${name}`), 'electron'];

/**
 * A program for Node or Electron's main process, in one file.
 * @param {string} entry
 * @param {string} outDir
 * @param {string} fileName
 * @param {'es' | 'cjs'} format
 * @returns {import('vite').InlineConfig}
 */
function program(entry, outDir, fileName, format) {
  return {
    configFile: false,
    root,
    logLevel: 'warn',
    ssr: { noExternal: true, target: 'node' },
    // write-file-atomic, a CommonJS module, makes temporary names from it; an ES module has no such variable.
    ...(format === 'es' ? { define: { __filename: 'import.meta.filename' } } : {}),
    build: {
      ssr: true,
      target: 'node20',
      outDir: `${root}/dist/${outDir}`,
      emptyOutDir: true,
      sourcemap: true,
      minify: false,
      rolldownOptions: {
        input: `${root}/electron/${entry}`,
        // ws can use two native helpers that we do not ship; it works without them.
        external: [...node, 'bufferutil', 'utf-8-validate'],
        output: { format, entryFileNames: fileName, codeSplitting: false },
      },
    },
  };
}

/** @type {Record<string, () => import('vite').InlineConfig>} */
const programs = {
  desktop: () => program('desktop/main.ts', 'desktop', 'main.js', 'es'),
  // A sandboxed preload must be one CommonJS file.
  preload: () => program('preload/preload.ts', 'preload', 'preload.cjs', 'cjs'),
  cli: () => program('cli/main.ts', 'cli', 'ipc-scope.js', 'es'),
  renderer: () => ({
    configFile: false,
    root: `${root}/renderer`,
    base: './',
    logLevel: 'warn',
    plugins: [svelte({ configFile: `${root}/build/svelte.config.js` })],
    build: {
      target: 'chrome140',
      outDir: `${root}/dist/renderer`,
      emptyOutDir: true,
      sourcemap: true,
      // The content security policy allows no data: scripts, and inlined assets would hide behind it.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      // Loaded from this machine: one file of half a megabyte is no wait.
      chunkSizeWarningLimit: 700,
    },
    worker: { format: 'es' },
  }),
};

const wanted = process.argv.slice(2);
for (const [name, config] of Object.entries(programs)) {
  if (wanted.length === 0 || wanted.includes(name)) await build(config());
}
