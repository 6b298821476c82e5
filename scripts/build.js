import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { viteDynamicImportVarsPlugin, viteImportGlobPlugin } from 'rolldown/experimental';
import { formatted } from './format.js';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

// Another folder than dist/ is for trying a build beside the one in use. With `program` after it that is all: no
// types of the library and nothing compiled, which take most of the time.
const [folder = 'dist', part] = process.argv.slice(2);
const isWhole = part !== 'program';
const program = join(folder, 'main.js');

// What the parser would do at every start and this program has no use for; each shim says why.
const shims = {
  'string-width': resolve('scripts/shims/string-width.cjs'),
  assert: resolve('scripts/shims/assert.js'),
  'escalade/sync': resolve('scripts/shims/find-up.js'),
  './locale-replacements.js': resolve('scripts/shims/no-locales.js'),
};
const laterSegmenter = JSON.stringify(resolve('scripts/shims/later-segmenter.js'));
const quickStart = {
  name: 'quick-start',
  resolveId(source, importer) {
    if (source === 'real-string-width')
      return this.resolve('string-width', importer, { skipSelf: true });
    return importer?.startsWith(resolve('scripts/shims')) ? null : shims[source];
  },
  transform: {
    filter: { id: /node_modules/, code: /new Intl\.Segmenter\(/ },
    handler: (code) =>
      `import { laterSegmenter } from ${laterSegmenter};\n` +
      code.replaceAll('new Intl.Segmenter(', 'laterSegmenter('),
  },
};

// Opening a chunk costs more than what is in most of them: what commands share is in one, and each thing
// that only some need is in its own.
const groups = [
  [
    'start',
    /\/src\/(cli\/(run-cli|options)|compose\/program|domain\/(?!spec|plain-markdown|markdown-blocks|debate\.|trace\.)[\w-]+|use-cases\/list|text\/(counted|lines|json-text|schema-problems|separated))\.ts$/,
  ],
  ['markdown', /\/src\/domain\/(spec|plain-markdown|markdown-blocks)\.ts$/],
  // Else what it shares with those that run tasks would be in their chunks, and a map would open all of these.
  ['files', /\/src\/files\/[\w-]+\.ts$/],
  ['repository', /\/src\/(repository\/([\w-]+\/)?[\w-]+|compose\/project)\.ts$/],
  ['syntax', /\/src\/syntax\/(?!thread\.)[\w-]+\.ts$/],
  ['text', /\/src\/text\/[\w-]+\.ts$/],
  [
    'calls',
    /\/src\/(compose\/(session|models|providers|model-pool|spending)|models\/(router|prices|list-models|list-call|recorded-call)|models\/providers\/(cli\/)?[\w-]+)\.ts$/,
  ],
  // What is shown of work and decided on it, without what does it.
  ['work', /\/src\/(executor\/(decide|preview|by-hand|attempt)|supervisor\/work)\.ts$/],
  ['autorun', /\/src\/gates\/autorun\/[\w-]+\.ts$/],
  ['workspace', /\/src\/(workspace\/([\w-]+\/)?[\w-]+|compose\/workspace)\.ts$/],
  [
    'run',
    /\/src\/(use-cases\/run|executor\/local-engine|workflows\/(coding|review)|gates\/[\w-]+|compose\/(gates|strategies))\.ts$/,
  ],
].map(([name, test], index) => ({ name, test, priority: 20 - index }));

const define = { BLUEPRINT_VERSION: JSON.stringify(version) };
const chunks = join(folder, 'chunks');

/** What `main.js` loads, each by a name: it is bundled by itself, as it is a module and the chunks are not. */
const started = {
  'run-cli': resolve('src/cli/run-cli.ts'),
  'report-error': resolve('src/cli/report-error.ts'),
  errors: resolve('src/domain/errors.ts'),
};

const bundled = {
  platform: 'node',
  // Packages that come in both forms give their ESM, which can be split and has its exports by name.
  resolve: { mainFields: ['module', 'main'] },
  // Commands are imported by their names.
  plugins: [quickStart, viteDynamicImportVarsPlugin(), viteImportGlobPlugin()],
  transform: {
    target: 'node20.19',
    // As the chunk with what starts it sees it.
    define: { ...define, BLUEPRINT_SYNTAX_THREAD: JSON.stringify('./syntax-thread.cjs') },
  },
  // Packages are bundled, as finding their files costs more than running them: a vendor's has hundreds, and is a
  // chunk of its own. What finds its own files, or asks a person, stays a package and loads lazily.
  external: [
    'inquirer',
    '@inquirer/core',
    'web-tree-sitter',
    '@repomix/tree-sitter-wasms',
    'jiti',
    // CommonJS: loaded lazily from a bundle it would come without its exports by name.
    'yaml',
  ],
  // What is also imported at once is loaded with it: no fault. The parser asks its own place for nothing here.
  checks: { ineffectiveDynamicImport: false, emptyImportMeta: false },
};
// Names stay, for reports of faults. One byte a character is read in half the time of two.
const minify = { compress: true, mangle: false, codegen: true };
// Before chunks are, as V8 tells them apart by their length alone.
rmSync(join(chunks, 'compiled'), { recursive: true, force: true });
// Chunks are CommonJS, as V8's compiled code can be kept for these alone.
const chunked = {
  dir: chunks,
  format: 'cjs',
  entryFileNames: '[name].cjs',
  // V8 compiles ahead what imports nothing by itself.
  dynamicImportInCjs: false,
  minify,
  charset: 'ascii',
};
const bundle = await rolldown({
  ...bundled,
  input: { ...started, library: 'src/library.ts', 'help-pages': 'scripts/help-pages.js' },
});
const { output } = await bundle.write({
  ...chunked,
  // Each command is a chunk of its own, loaded when it is called.
  chunkFileNames: '[name]-[hash].cjs',
  codeSplitting: { groups },
});
// Alone, as each thread starts with it: in the chunks that it would share with the program is most of that.
const thread = await rolldown({ ...bundled, input: { 'syntax-thread': 'src/syntax/thread.ts' } });
const threadChunk = await thread.write({ ...chunked, codeSplitting: false });
// Chunks of earlier builds go when this one stands; a build that failed leaves the last one alone.
const made = new Set([...output, ...threadChunk.output].map(({ fileName }) => fileName));
for (const name of readdirSync(chunks)) if (!made.has(name)) rmSync(join(chunks, name));
const exportsOf = (name) => output.find((chunk) => chunk.name === name && chunk.isEntry).exports;

/** Stands for a module that `main.js` imports. */
const loader = JSON.stringify(resolve('scripts/shims/load-chunk.js'));
const fromChunk = (name) => `
  import { fileURLToPath } from 'node:url';
  import { loadChunk } from ${loader};
  const folder = fileURLToPath(new URL('chunks', import.meta.url));
  export const { ${exportsOf(name).join(', ')} } = loadChunk(folder, '${name}');`;
const entry = await rolldown({
  input: 'src/main.ts',
  platform: 'node',
  transform: { target: 'node20.19', define },
  plugins: [
    {
      name: 'from-chunks',
      resolveId(source, importer) {
        const path = importer === undefined ? '' : resolve(dirname(importer), source);
        const name = Object.keys(started).find((name) => started[name] === path);
        return name === undefined ? null : `\0${name}`;
      },
      load: (id) => (id.startsWith('\0') ? fromChunk(id.slice(1)) : null),
    },
  ],
});
await entry.write({
  file: program,
  format: 'esm',
  banner: '#!/usr/bin/env node',
  codeSplitting: false,
  minify,
});
chmodSync(program, 0o755);

const names = exportsOf('library').join(', ');
writeFileSync(
  join(folder, 'index.js'),
  `import library from './chunks/library.cjs';\nexport const { ${names} } = library;\n`,
);
if (isWhole) {
  const { libraryTypes } = await import('./library-types.js');
  // The library's types import nothing, so that a user needs none of the packages that made them.
  const types = libraryTypes('src/library.ts');
  writeFileSync(join(folder, 'index.d.ts'), await formatted('index.d.ts', types));
}

// Help pages are shown without loading the parser that wrote them.
const writer = join(chunks, 'help-pages.cjs');
const pages = JSON.parse(execFileSync(process.execPath, [writer], { encoding: 'utf8' }));
rmSync(writer);
mkdirSync(join(folder, 'help'), { recursive: true });
for (const [name, page] of Object.entries(pages)) writeFileSync(join(folder, `${name}.txt`), page);

if (isWhole)
  execFileSync(process.execPath, ['scripts/compile-chunks.js', chunks], { stdio: 'inherit' });
