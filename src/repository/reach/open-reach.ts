import type { ProjectView } from '../../files/project-view.ts';
import { checkerFor } from '../../syntax/languages.ts';
import { inOrder } from '../../text/in-order.ts';
import type { FileEntry } from '../file-entry.ts';
import { createImportResolver } from '../imports/resolver.ts';
import type { Corpus } from '../index/corpus.ts';
import { importsOf } from '../index/indexed-entry.ts';
import { blobHash, keyOf } from '../index/refresh.ts';
import { packagesIn } from '../packages/packages-in.ts';
import type { Reach } from '../project.ts';
import { readEntry } from '../read-entry.ts';
import { familyOf, reachFile, type Family, type ReachFile } from './reach-file.ts';
import { reachedFiles } from './reached-files.ts';

/** Files that are read at once: more than there are threads for their grammars. */
const atOnce = 8;

/**
 * Says which files of a project a change of some may reach. What the index knows of a content is not read again,
 * nor what was read for the last answer.
 */
export function openReach(
  corpus: () => Promise<Corpus>,
  signal: AbortSignal,
): (changed: readonly string[], view: ProjectView) => Promise<Reach> {
  let known = new Map<string, ReachFile | null>();
  return async (changed, view) => {
    const families = new Set(changed.map(familyByName));
    const gone = changed.find((path) => !view.files.has(path));
    if (gone !== undefined) return { doubt: `${gone} is gone` };
    const other = changed.find((path) => familyByName(path) === null);
    if (other !== undefined) return { doubt: `who uses ${other} is not known` };
    const indexed = await corpus();
    const entryOf = async (path: string, bytes: Buffer, key: string): Promise<ReadOf> => {
      const file = indexed.files[indexed.places.get(path) ?? -1];
      if (file?.key !== key || file.entry === null) return readEntry(path, bytes, signal);
      const { grammar, nature, problem } = file.entry;
      return { grammar, nature, problem, imports: importsOf(file.entry) };
    };
    const used = new Map<string, ReachFile | null>();
    const read = async (path: string) => {
      const text = await view.read(path);
      if (text === null) return { path, file: null, doubt: `${path} could not be read` };
      const bytes = Buffer.from(text);
      const key = keyOf(path, blobHash(bytes));
      const isChanged = changed.includes(path);
      let file = known.get(key);
      if (file === undefined || isChanged) {
        const entry = await entryOf(path, bytes, key);
        const doubt = isChanged ? doubtOf(path, entry) : null;
        if (doubt !== null) return { path, file: null, doubt };
        file = reachFile(text, entry);
      }
      used.set(key, file);
      return { path, file, doubt: null };
    };
    const paths = [...view.files].filter((path) => {
      const family = familyByName(path);
      return family !== null && families.has(family);
    });
    const files = new Map<string, ReachFile>();
    for await (const { path, file, doubt } of inOrder(paths, atOnce, read)) {
      if (doubt !== null && changed.includes(path)) return { doubt };
      if (file !== null) files.set(path, file);
    }
    known = used;
    const resolve = await createImportResolver(view, await packagesIn(view));
    return { files: reachedFiles(changed, files, resolve) };
  };
}

type ReadOf = Pick<FileEntry, 'grammar' | 'imports' | 'problem' | 'nature'>;

function doubtOf(path: string, { nature, problem }: ReadOf): string | null {
  if (nature !== null) return `${path} is ${nature}`;
  return problem === null ? null : `what ${path} imports could not be read`;
}

function familyByName(path: string): Family | null {
  const checker = checkerFor(path);
  return checker?.kind === 'code' ? familyOf(checker.grammars[0] ?? null) : null;
}
