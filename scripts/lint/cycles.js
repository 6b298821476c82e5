import { existsSync, readFileSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import ts from 'typescript';
import { importsOf } from './modules.js';

const target = (source, from) => posix.join(posix.dirname(from), source);

/**
 * Names what can be added, by types and `import()`s alone: what it loads later may use those names, and no
 * module waits for itself by that.
 */
const registry = 'src/extensions.ts';

/** What each file imports, types and `import()`s included, as it stood when it was first asked for. */
function createGraph(cwd) {
  const known = new Map();
  return (file) => {
    let found = file === registry ? [] : known.get(file);
    if (found === undefined) {
      const path = join(cwd, file);
      const { importedFiles } = existsSync(path)
        ? ts.preProcessFile(readFileSync(path, 'utf8'), true, true)
        : { importedFiles: [] };
      const sources = importedFiles.map(({ fileName }) => fileName);
      found = sources.filter((name) => name.startsWith('.')).map((name) => target(name, file));
      known.set(file, found);
    }
    return found;
  };
}

/** The shortest way from one of several files to another, both named; null where there is none. */
function wayBetween(starts, to, graph) {
  const cameFrom = new Map(starts.map((start) => [start, null]));
  for (const [file] of cameFrom) {
    if (file === to) {
      const way = [];
      for (let at = to; at !== null; at = cameFrom.get(at)) way.unshift(at);
      return way;
    }
    for (const next of graph(file)) if (!cameFrom.has(next)) cameFrom.set(next, file);
  }
  return null;
}

const graphs = new Map();

/** No module may lead back to itself, whichever way it is imported. */
export const cycles = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const { cwd, filename } = context;
    const from = relative(cwd, filename).split(sep).join('/');
    if (from === registry) return {};
    if (!graphs.has(cwd)) graphs.set(cwd, createGraph(cwd));
    const graph = graphs.get(cwd);
    const named = [];
    return {
      ...importsOf((node, source) => {
        if (source?.startsWith('.')) named.push({ node, to: target(source, from) });
      }),
      'Program:exit'() {
        const starts = named.map(({ to }) => to);
        // One search says of all of them that there is no circle, as nearly always.
        if (wayBetween(starts, from, graph) === null) return;
        for (const { node, to } of named) {
          const way = wayBetween([to], from, graph);
          if (way === null) continue;
          const circle = [from, ...way].join(' → ');
          const message = `No module of a circle can be read by itself: ${circle}.`;
          context.report({ node, message });
        }
      },
    };
  },
};
