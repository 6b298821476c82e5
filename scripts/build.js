import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { format, resolveConfig } from 'prettier';
import { libraryTypes } from './library-types.js';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

// Another folder than dist/ is for trying a build beside the one in use.
const folder = process.argv[2] ?? 'dist';
const program = join(folder, 'main.js');

// Bundled CommonJS packages ask for node's own modules by require.
const banner =
  "import{createRequire as __nodeRequire}from'node:module';const require=__nodeRequire(import.meta.url);";

// See the shim: measuring text is on the way of every start.
const lazyStringWidth = {
  name: 'lazy-string-width',
  setup({ onResolve, resolve: find }) {
    const shim = resolve('scripts/shims/string-width.cjs');
    onResolve({ filter: /^string-width$/ }, ({ importer, pluginData }) =>
      importer === shim || pluginData === 'real' ? undefined : { path: shim },
    );
    onResolve({ filter: /^real-string-width$/ }, () =>
      find('string-width', { kind: 'require-call', resolveDir: process.cwd(), pluginData: 'real' }),
    );
  },
};

const { metafile } = await build({
  entryPoints: {
    main: 'src/main.ts',
    index: 'src/library.ts',
    'help-pages': 'scripts/help-pages.js',
  },
  outdir: folder,
  bundle: true,
  plugins: [lazyStringWidth],
  // Each command is a chunk of its own, loaded when it is called.
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Packages that come in both forms give their ESM, which can be split and has its exports by name.
  mainFields: ['module', 'main'],
  minifySyntax: true,
  minifyWhitespace: true,
  define: { BLUEPRINT_VERSION: JSON.stringify(version) },
  // Small packages on the way of every start are bundled, as resolving them costs more than running
  // them. What is heavy, or finds its own files, stays a package and loads lazily.
  external: [
    '@anthropic-ai/sdk',
    'openai',
    '@google/generative-ai',
    'inquirer',
    '@inquirer/core',
    'web-tree-sitter',
    '@repomix/tree-sitter-wasms',
    'jiti',
    // CommonJS: loaded lazily from a bundle it would come without its exports by name.
    'yaml',
  ],
  banner: { js: banner },
  logLevel: 'warning',
  metafile: true,
});
// Chunks of earlier builds go when this one stands; a build that failed leaves the last one alone.
const made = new Set(Object.keys(metafile.outputs).map((path) => basename(path)));
// Making a require costs as much as loading a small chunk: only those keep it that ask for something.
for (const path of Object.keys(metafile.outputs)) {
  const code = readFileSync(path, 'utf8').replace(banner, '');
  if (!/\brequire\b/.test(code)) writeFileSync(path, code);
}
for (const name of readdirSync(join(folder, 'chunks')))
  if (!made.has(name)) rmSync(join(folder, 'chunks', name));
// The library's types import nothing, so that a user needs none of the packages that made them.
const style = await resolveConfig('src/library.ts');
const types = await format(libraryTypes('src/library.ts'), { ...style, parser: 'typescript' });
writeFileSync(join(folder, 'index.d.ts'), types);
chmodSync(program, 0o755);

const entry = readFileSync(program, 'utf8');
if (!entry.startsWith('#!')) writeFileSync(program, `#!/usr/bin/env node\n${entry}`);

// Help pages are shown without loading the parser that wrote them.
const writer = join(folder, 'help-pages.js');
const pages = JSON.parse(execFileSync(process.execPath, [writer], { encoding: 'utf8' }));
rmSync(writer);
mkdirSync(join(folder, 'help'), { recursive: true });
for (const [name, page] of Object.entries(pages)) writeFileSync(join(folder, `${name}.txt`), page);
