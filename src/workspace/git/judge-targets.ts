import { readFromTree, type Repository } from './repository.ts';
import { sha256 } from '../../text/sha256.ts';
import { parseEntry } from './git.ts';
import { withoutFilters } from './quiet-filters.ts';

/**
 * Which of the files that stand in the checkout are not those that approved work was made on, each with
 * what is the matter. A file may differ from what the repository stores by its line ends alone.
 */
export async function judgeTargets(
  repository: Repository,
  base: string,
  targets: ReadonlyMap<string, Uint8Array | null>,
): Promise<Map<string, string>> {
  const problems = new Map<string, string>();
  const head = await repository.head();
  const staged = await stagedObjects(repository, [...targets.keys()]);
  const tree = await repository.tree(base);
  const env = await withoutFilters(repository.git);
  for (const [path, bytes] of targets) {
    const before = await readFromTree(repository, base, path);
    const now = await readFromTree(repository, head, path);
    const oid = tree.get(path)?.oid;
    const isBase =
      (bytes === null ? null : sha256(bytes)) === before.hash ||
      (bytes !== null &&
        oid !== undefined &&
        hasOtherLineEnds(bytes, await repository.blob(oid)) &&
        (await storedAs(repository, path, bytes, env)) === oid);
    if (isBase && staged.get(path) === oid) continue;
    problems.set(path, problemOf(before.hash, now.hash, bytes, isBase));
  }
  return problems;
}

function problemOf(
  before: string | null,
  now: string | null,
  bytes: Uint8Array | null,
  isBase: boolean,
): string {
  if (before !== now) return 'was changed by a commit since the work began';
  if (isBase) return 'has changes that are staged';
  if (bytes === null) return 'is deleted, and that is not committed';
  return before === null
    ? 'is there already, and not committed'
    : 'has changes that are not committed';
}

/** Object names in the user's index; a path that is not there is absent, one in a merge has none. */
async function stagedObjects(
  { git }: Repository,
  paths: readonly string[],
): Promise<Map<string, string | undefined>> {
  const staged = new Map<string, string | undefined>();
  if (paths.length === 0) return staged;
  const wanted = new Set(paths);
  for (const line of await git.list(['ls-files', '-z', '--stage'])) {
    const { words, path } = parseEntry(line);
    const [, oid, stage] = words;
    if (wanted.has(path)) staged.set(path, stage === '0' ? oid : 'unmerged');
  }
  return staged;
}

/** The object that git would store the bytes as, by the line ends and encoding of the path. */
async function storedAs(
  { git }: Repository,
  path: string,
  bytes: Uint8Array,
  env: Record<string, string>,
): Promise<string> {
  return git.text(['hash-object', '--stdin', `--path=${path}`], {
    input: bytes,
    env,
    config: ['core.safecrlf=false'],
  });
}

function hasOtherLineEnds(bytes: Uint8Array, stored: Uint8Array): boolean {
  const plain = (side: Uint8Array): string =>
    Buffer.from(side).toString('latin1').replaceAll('\r\n', '\n');
  return plain(bytes) === plain(stored);
}
