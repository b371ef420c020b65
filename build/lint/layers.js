/**
 * The layers of the product as a lint rule: which folder may import which, and who may import electron.
 * A rule of our own, because it also has to see through the `#contract/…` names of package.json.
 */
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Folder → what it may import besides itself. The first matching folder counts.
 * @type {Record<string, { folders: string[]; electron: boolean; node: boolean }>}
 */
export const LAYERS = {
  'electron/contract': { folders: [], electron: false, node: false },
  'electron/report': { folders: ['electron/contract'], electron: false, node: false },
  'electron/engine': { folders: ['electron/contract', 'electron/report'], electron: false, node: true },
  'electron/labs': { folders: ['electron/contract'], electron: false, node: false },
  'electron/desktop': { folders: ['electron/contract', 'electron/engine'], electron: true, node: true },
  'electron/preload': { folders: ['electron/contract'], electron: true, node: false },
  'electron/web': { folders: ['electron/contract', 'electron/engine'], electron: false, node: true },
  'electron/cli': {
    folders: ['electron/contract', 'electron/report', 'electron/engine', 'electron/labs', 'electron/web'],
    electron: false,
    node: true,
  },
  renderer: {
    folders: ['electron/contract', 'electron/report', 'electron/labs'],
    electron: false,
    node: false,
  },
};

/** @type {Record<string, string>} */
const ALIASES = {
  '#contract/': 'electron/contract/',
  '#report/': 'electron/report/',
  '#engine/': 'electron/engine/',
  '#labs/': 'electron/labs/',
};

/**
 * The layer that a path of the project lies in, or undefined (tests and build scripts may import anything).
 * @param {string} path
 */
export function layerOf(path) {
  const below = relative(root, path).split(sep).join('/');
  return Object.keys(LAYERS).find((folder) => below === folder || below.startsWith(`${folder}/`));
}

/**
 * Why `source` must not be imported by `file`, or undefined.
 * @param {string} file
 * @param {string} source
 */
export function whyRefused(file, source) {
  const layer = layerOf(file);
  if (layer === undefined) return undefined;
  const rules = LAYERS[layer];
  if (rules === undefined) return undefined;
  if (source === 'electron' || source.startsWith('electron/')) {
    return rules.electron ? undefined : `${layer} must not import electron`;
  }
  if (source.startsWith('node:'))
    return rules.node ? undefined : `${layer} runs in a page: it must not import ${source}`;
  const alias = Object.keys(ALIASES).find((name) => source.startsWith(name));
  if (alias === undefined && !source.startsWith('.')) return undefined;
  const target =
    alias === undefined
      ? resolve(dirname(file), source)
      : resolve(root, ALIASES[alias] + source.slice(alias.length));
  const into = layerOf(target);
  if (into === layer || (into !== undefined && rules.folders.includes(into))) return undefined;
  return `${layer} must not import ${into ?? source} (allowed: ${rules.folders.join(', ') || 'nothing of ours'})`;
}

/** @type {import('eslint').Rule.RuleModule} */
export default {
  meta: { type: 'problem', schema: [], messages: { refused: '{{why}}' } },
  create(context) {
    // A test may start what its layer may not.
    const exempt = /\.test\.ts$/.test(context.filename);
    /** @param {import('estree').Node & { source?: unknown }} node */
    const check = (node) => {
      const literal = /** @type {import('estree').Literal | null | undefined} */ (node.source);
      const source = literal?.value;
      if (exempt || typeof source !== 'string') return;
      const why = whyRefused(context.filename, source);
      if (why !== undefined) context.report({ node: literal ?? node, messageId: 'refused', data: { why } });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};
