import { posix } from 'node:path';
import ignore from 'ignore';
import type { Autorun, AutorunKind, AutorunWork } from '../../domain/autorun.ts';
import { textOrNull, type ReadBase } from '../../domain/candidate.ts';
import { foldersAbove } from '../../domain/safe-path.ts';
import { createPause } from '../../text/pause.ts';
import { contentHash } from '../../text/moved-file.ts';
import { askedBy } from './asked.ts';
import { calledScripts, type Caller } from './called-scripts.ts';
import { manifestKeys } from './manifest-keys.ts';
import { filesNamedIn, installScripts } from './package-scripts.ts';
import { placeOf } from './places.ts';
import { repositoryFiles } from './repository.ts';

interface Found {
  readonly kind: AutorunKind;
  readonly says: string;
  /** Of a manifest: the part of it; null: the file as a whole. */
  readonly key: string | null;
}

/**
 * What in a piece of work runs by itself, or is obeyed by what does: files by their place, parts of manifests,
 * files that these start, new programs, files that together form a git repository. Code that tools of the
 * project load when somebody calls them is the project's own, and is not among it.
 * @param allowed patterns of `.gitignore` for paths that the person allows
 */
export async function findAutoruns(
  work: AutorunWork,
  allowed: readonly string[],
): Promise<Autorun[]> {
  const { changes, files } = work;
  const before: ReadBase = (path) => textOrNull(path, work.before);
  const asked = askedBy(work);
  const allows = ignore().add([...allowed]);
  const repository = await repositoryFiles(changes, files);
  const started = await startedAtInstall(work, before);
  const called = await calledScripts(work, before);
  const autoruns: Autorun[] = [];
  const pause = createPause();
  for (const [path, content] of [...changes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    await pause();
    const isAllowed = ignore.isPathValid(path) && allows.ignores(path);
    const hash = contentHash(content);
    const found = await foundIn(path, content, { before, repository, started, called });
    for (const { kind, says, key } of found) {
      const isAsked = key === null ? asked.path(path) : asked.key(key);
      const permittedBy = isAsked ? 'task' : isAllowed ? 'config' : null;
      autoruns.push({ path, kind, says, sha256: hash, permittedBy });
    }
  }
  return autoruns;
}

async function foundIn(
  path: string,
  content: string | null,
  about: {
    readonly before: ReadBase;
    readonly repository: ReadonlySet<string>;
    /** By path: the script that starts it. */
    readonly started: ReadonlyMap<string, string>;
    readonly called: ReadonlyMap<string, Caller>;
  },
): Promise<Found[]> {
  const place = placeOf(path);
  if (content === null)
    return place?.guards === true
      ? [{ kind: place.kind, says: `deleted; ${place.says}`, key: null }]
      : [];
  const old = await about.before(path);
  if (old === content) return [];
  if (about.repository.has(path)) {
    const says = 'one of the files that together form a git repository, whose settings git obeys';
    return [{ kind: 'repository', says, key: null }];
  }
  if (place !== null) return [{ kind: place.kind, says: place.says, key: null }];
  const script = about.started.get(path);
  const keys = await changedKeys(path, old ?? '', content);
  if (script !== undefined)
    return [...keys, { kind: 'install', says: `${script} starts it at every install`, key: null }];
  const caller = about.called.get(path);
  if (caller !== undefined) return [...keys, { ...caller, key: null }];
  if (keys.length > 0 || !isProgram(path, content) || (old !== null && isProgram(path, old)))
    return keys;
  return [{ kind: 'program', says: 'a new program, which can be started by its name', key: null }];
}

/** The parts of a manifest that were not there, or not so. */
async function changedKeys(path: string, old: string, content: string): Promise<Found[]> {
  const known = new Set((await manifestKeys(path, old)).map(({ key, value }) => `${key} ${value}`));
  return (
    (await manifestKeys(path, content))
      .filter(({ key, value }) => !known.has(`${key} ${value}`))
      // Attributes have no use but this one, so whoever asks for the file asks for them.
      .map(({ key, kind, says }) => ({ kind, says, key: kind === 'git' ? null : key }))
  );
}

/** What a system starts by name, where the file may be executed. */
function isProgram(path: string, content: string): boolean {
  return content.startsWith('#!') || /\.(?:bat|cmd|ps1|command|desktop|vbs|hta)$/i.test(path);
}

/** Changed files that an install starts, by what the manifests above them say with the changes made. */
async function startedAtInstall(
  { changes, files }: AutorunWork,
  before: ReadBase,
): Promise<Map<string, string>> {
  const folders = new Set([...changes.keys()].flatMap((path) => ['', ...foldersAbove(path)]));
  // Where work is in very many folders, they are not looked up one by one.
  const there = folders.size > 100 ? await files() : null;
  const found = new Map<string, string>();
  const pause = createPause();
  for (const folder of folders) {
    await pause();
    const path = posix.join(folder, 'package.json');
    if (there?.has(path) === false && !changes.has(path)) continue;
    const changed = changes.get(path);
    const text = changed === undefined ? await before(path) : changed;
    for (const { name, command } of text === null ? [] : scriptsOf(text))
      for (const file of filesNamedIn(command, folder))
        if (changes.has(file) && file !== path) found.set(file, `the script ${name} of ${path}`);
  }
  return found;
}

function scriptsOf(text: string): ReturnType<typeof installScripts> {
  try {
    const manifest: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    return typeof manifest === 'object' && manifest !== null ? installScripts(manifest) : [];
  } catch {
    return [];
  }
}
