import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  bundle: true,
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
    'web-tree-sitter',
    '@repomix/tree-sitter-wasms',
    'jiti',
  ],
  // Bundled CommonJS packages ask for node's own modules by require.
  banner: {
    js: "import{createRequire as __nodeRequire}from'node:module';const require=__nodeRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
chmodSync('dist/main.js', 0o755);

const entry = readFileSync('dist/main.js', 'utf8');
if (!entry.startsWith('#!')) writeFileSync('dist/main.js', `#!/usr/bin/env node\n${entry}`);

// The help page is shown without loading the parser that wrote it.
const help = execFileSync(process.execPath, ['dist/main.js', '--help'], {
  env: { ...process.env, NO_COLOR: '1' },
});
writeFileSync('dist/help.txt', help);
