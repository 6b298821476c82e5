/**
 * Loads the program's chunks in a fraction of the time that compiling them takes: the build keeps what V8 made
 * of them (scripts/compile-chunks.js). V8 refuses what another V8 made; there, Node's own cache does the same
 * where it has one (22.1), beside the program, if that can be written.
 */
import { isAscii } from 'node:buffer';
import { existsSync, readFileSync } from 'node:fs';
import nodeModule, { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';

/** Where what this Node compiled is kept, below the folder of chunks. */
export const compiledFolder = (chunks) =>
  join(chunks, 'compiled', `${process.version}-${process.platform}-${process.arch}`);

const modules = new Map();

/**
 * The exports of a chunk by its name without an ending.
 * @param {string} chunks the folder of all chunks, absolute
 * @param {Map<string, Script>} [scripts] gets the scripts that were run by their files' names; then nothing that
 *   was compiled ahead is used
 */
export function loadChunk(chunks, name, scripts) {
  const compiled = compiledFolder(chunks);
  if (scripts === undefined && !existsSync(compiled)) {
    nodeModule.enableCompileCache?.(join(chunks, 'compiled'));
    return createRequire(join(chunks, 'chunk.cjs'))(`./${name}.cjs`);
  }
  return load(`${name}.cjs`);

  function load(file) {
    const known = modules.get(file);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    modules.set(file, module);
    const path = join(chunks, file);
    const text = textOf(path);
    const script = new Script(
      `(function (exports, require, module, __filename, __dirname) {${text}\n})`,
      {
        filename: pathToFileURL(path).href,
        cachedData: scripts === undefined ? contentOf(join(compiled, file)) : undefined,
      },
    );
    scripts?.set(file, script);
    const requirePackage = createRequire(path);
    const require = (wanted) =>
      wanted.startsWith('./') ? load(wanted.slice(2)) : requirePackage(wanted);
    script.runInThisContext()(module.exports, require, module, path, chunks);
    return module.exports;
  }
}

/** What is all ASCII is read in half the time; tagged templates keep their other characters as they are. */
function textOf(path) {
  const bytes = readFileSync(path);
  return bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
}

function contentOf(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
