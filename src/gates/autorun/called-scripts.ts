import { posix } from 'node:path';
import type { AutorunKind, AutorunWork } from '../../domain/autorun.ts';
import type { ReadBase } from '../../domain/candidate.ts';
import { testLanguage } from '../protect/protected-path.ts';
import { scriptCommands } from './package-scripts.ts';
import { placeOf } from './places.ts';
import { commandLines, scriptsCalled, startedBy } from './started-by.ts';

/** What calls a file of the project. */
export interface Caller {
  readonly kind: AutorunKind;
  /** As `called by .github/workflows/ci.yml:12`. */
  readonly says: string;
}

/** A project has few of these; a reply must not keep the program busy. */
const mostCallers = 50;
const longest = 200_000;

/**
 * Changed scripts that a workflow, a hook or a start-up file of a shell starts, by their paths: as it stands or
 * with the changes made, directly or, from a hook, by a script of package.json. What a build or a test runner
 * loads is the project's own code, which work is there to change.
 */
export async function calledScripts(
  { changes, files }: Pick<AutorunWork, 'changes' | 'files'>,
  before: ReadBase,
): Promise<Map<string, Caller>> {
  const scripts = [...changes].flatMap(([path, content]) =>
    content !== null && isScript(path, content) ? [path] : [],
  );
  const found = new Map<string, Caller>();
  if (scripts.length === 0) return found;
  const read = async (path: string): Promise<string> => {
    const changed = changes.get(path);
    const text = changed === undefined ? await before(path) : changed;
    return text === null || text.length > longest ? '' : text;
  };
  const all = new Set([...(await files()), ...changes.keys()]);
  const callers = [...all].sort().flatMap((path) => {
    const kind = placeOf(path)?.kind;
    return kind !== undefined && callingKinds.has(kind) ? [{ caller: path, kind }] : [];
  });
  const wanted = new Set(scripts);
  let manifest: Promise<ReadonlyMap<string, string>> | undefined;
  const commands = () => (manifest ??= read('package.json').then(commandsOf));
  for (const { caller, kind } of callers.slice(0, mostCallers)) {
    const text = await read(caller);
    const folders = ['', ...[...text.matchAll(entered)].map(([, folder = '']) => folder)];
    for (const { line, number } of commandLines(text)) {
      const says = `called by ${caller}:${number}`;
      for (const path of pathsOf(startedBy(line), folders))
        if (wanted.has(path)) found.set(path, found.get(path) ?? { kind, says });
      if (kind === 'ci') continue;
      for (const name of scriptsCalled(line))
        for (const path of pathsOf(startedBy((await commands()).get(name) ?? ''), ['']))
          if (wanted.has(path))
            found.set(path, found.get(path) ?? { kind, says: `${says} (npm run ${name})` });
    }
  }
  return found;
}

const callingKinds: ReadonlySet<AutorunKind> = new Set(['ci', 'hook', 'shell']);
const entered = /(?:\bworking-directory:|\bcd)[ \t]+["']?([\w.-][\w./-]*)/g;

function pathsOf(started: readonly string[], folders: readonly string[]): string[] {
  return started.flatMap((file) => folders.map((folder) => posix.join(folder, file)));
}

function commandsOf(manifest: string): Map<string, string> {
  try {
    return scriptCommands(JSON.parse(manifest) as { readonly scripts?: unknown });
  } catch {
    return new Map();
  }
}

/** A file that is started as it stands, and is no source that others load, as far as its place tells. */
function isScript(path: string, content: string): boolean {
  const name = posix.basename(path);
  if (/\.(?:sh|bash|zsh|ksh|fish|ps1|cmd|bat|pl)$/i.test(name)) return true;
  if (!name.includes('.')) return content.startsWith('#!');
  if (!/\.(?:[cm]?[jt]s|py|rb|php)$/i.test(name) || testLanguage(path) !== null) return false;
  const [first, ...below] = path.split('/');
  if (below.length === 0) return !/^(?:index|main|app|cli|server|manage)\./.test(name);
  return ![first, ...below].some((part) => sources.has(part ?? ''));
}

const sources: ReadonlySet<string> = new Set(['src', 'lib', 'app', 'test', 'tests', 'spec']);
