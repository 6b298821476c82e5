/**
 * `node scripts/compile-chunks.js CHUNKS` keeps what V8 made of the chunks while common commands ran, for
 * the Node that runs this. Functions that were never called are not in it, which keeps it small.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import v8 from 'node:v8';
import { compiledFolder, loadChunk } from './shims/load-chunk.js';

const chunks = resolve(process.argv[2] ?? '');
// By rules, so that no model is asked.
const commands = [
  ['new', 'brief.md', '--name', 'example', '--quiet'],
  ['list'],
  ['status'],
  ['show', 'example'],
  ['task', 'set-status', 'example', 'T1', 'skipped'],
  ['run', 'example', '--dry-run'],
  ['run', 'example', '--gates', 'paths,syntax,contract', '--quiet'],
  ['next', 'example'],
  ['map', 'count the words'],
  // From its index.
  ['map', 'count the words'],
];
const brief = '# Word counter\n\n- Count the words of a file.\n- Print the ten most frequent.\n';

// V8 takes compiled code only under the flags that it was made under: those of a start, as nothing is set there.
v8.setFlagsFromString = () => undefined;

const scripts = new Map();
const { runCli } = loadChunk(chunks, 'run-cli', scripts);
const cwd = mkdtempSync(join(tmpdir(), 'blueprint-build-'));
try {
  writeFileSync(join(cwd, 'brief.md'), brief);
  writeFileSync(join(cwd, 'count.ts'), 'export const count = (words: string[]) => words.length;\n');
  const stream = { isTTY: false, write: () => true };
  const { signal } = new AbortController();
  for (const argv of commands)
    await runCli({
      argv,
      cwd,
      version: '',
      stdin: { isTTY: false },
      stdout: stream,
      stderr: stream,
      env: { PATH: process.env.PATH, HOME: cwd },
      signal,
      packageRoot: '',
      onInterrupt: () => () => undefined,
      beforeEnd: () => undefined,
    });
  const compiled = compiledFolder(chunks);
  mkdirSync(compiled, { recursive: true });
  for (const [name, script] of scripts)
    writeFileSync(join(compiled, name), script.createCachedData());
} finally {
  rmSync(cwd, { recursive: true });
}
