import { readFromTree, type Repository } from './repository.ts';
import { sha256 } from '../../text/sha256.ts';
import { attributesOf, type Attributes } from './attributes.ts';
import { listIndex, type IndexEntry } from '../../files/git.ts';
import type { Obstacle } from '../workspace.ts';
import { withoutFilters } from './quiet-filters.ts';

/**
 * Which of the files that stand in the checkout are not those that approved work was made on, each with
 * what is the matter. A file may differ from what the repository stores by its line ends alone.
 */
export async function judgeTargets(
  repository: Repository,
  { base, head }: { readonly base: string; readonly head: string },
  targets: ReadonlyMap<string, Uint8Array | null>,
): Promise<Map<string, Obstacle>> {
  const obstacles = new Map<string, Obstacle>();
  const paths = [...targets.keys()];
  const index = await indexEntries(repository, paths);
  const attributes = await attributesOf(repository.git, paths);
  const tree = await repository.tree(base);
  // All at once, as one git then reads them.
  const read = await Promise.all(
    [...targets].map(async ([path, bytes]) => {
      const [before, now] = await Promise.all([
        readFromTree(repository, base, path),
        readFromTree(repository, head, path),
      ]);
      return { path, bytes, before, now };
    }),
  );
  let filters: Promise<Record<string, string>> | undefined;
  const env = () => (filters ??= withoutFilters(repository.git));
  for (const { path, bytes, before, now } of read) {
    const oid = tree.get(path)?.oid;
    const entry = index.get(path);
    const has = attributes.get(path) ?? {};
    const isBase =
      (bytes === null ? null : sha256(bytes)) === before.hash ||
      (bytes !== null &&
        oid !== undefined &&
        (has['working-tree-encoding'] !== undefined ||
          hasOtherLineEnds(bytes, await repository.blob(oid))) &&
        (await storedAs(repository, path, bytes, await env())) === oid);
    const staged = entry?.stage === '0' ? entry.oid : entry?.stage;
    if (isBase && staged === oid) continue;
    const moved = before.hash !== now.hash;
    const unseen = isBase ? null : unseenByGit(bytes, entry, has);
    const problem = problemOf(before.hash, now.hash, bytes, isBase);
    obstacles.set(path, {
      problem: moved ? problem : (unseen ?? problem),
      isMergeable: bytes !== null && !isBase && unseen === null,
    });
  }
  return obstacles;
}

/** Why git itself would not call the file changed: to commit it, as for another, would be no advice. */
function unseenByGit(
  bytes: Uint8Array | null,
  entry: IndexEntry | undefined,
  { filter }: Attributes,
): string | null {
  if (entry?.skipsWorktree === true)
    return bytes === null
      ? 'is not checked out (sparse checkout); git sparse-checkout add its folder'
      : 'is marked skip-worktree, and your own text of it stands there';
  if (entry?.assumedUnchanged === true)
    return 'is marked assume-unchanged, and your own text of it stands there';
  if (filter !== undefined && bytes !== null)
    return `is stored through the filter ${filter}, which is not run here: only git can write it`;
  return null;
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

async function indexEntries(
  { git }: Repository,
  paths: readonly string[],
): Promise<Map<string, IndexEntry>> {
  if (paths.length === 0) return new Map();
  const wanted = new Set(paths);
  const found = (await listIndex(git)).filter(({ path }) => wanted.has(path));
  return new Map(found.map((entry) => [entry.path, entry]));
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
