import type { Git, GitCall } from '../../files/git.ts';

const mostAtOnce = 64 * 1024 * 1024;

/** Settings that only a partial clone has. */
export const partialCloneSettings = /^(extensions\.partialclone|remote\..*\.promisor)$/;

/** Objects of a commit that a partial clone lacks; nothing is fetched. */
export async function missingObjects(
  git: Git,
  commit: string,
  signal: AbortSignal,
): Promise<Set<string>> {
  const listing = ['rev-list', '--objects', '--no-walk', '--missing=print', commit];
  const lines = (await git.text(listing, { signal })).split('\n');
  return new Set(lines.filter((line) => line.startsWith('?')).map((line) => line.slice(1)));
}

/** Sizes of objects in bytes, in their order. */
export async function blobSizes(
  git: Git,
  oids: readonly string[],
  signal: AbortSignal,
): Promise<number[]> {
  if (oids.length === 0) return [];
  const input = oids.map((oid) => `${oid}\n`).join('');
  const said = await git.text(['cat-file', '--batch-check=%(objectsize)'], { input, signal });
  return said.split('\n').map(Number);
}

/** The contents of objects, in their order, as many at a time as fit well into memory. */
export async function* readBlobs(
  git: Git,
  objects: readonly { readonly oid: string; readonly size: number }[],
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for (let start = 0; start < objects.length;) {
    let end = start;
    for (let bytes = 0; end < objects.length; end++) {
      bytes += objects[end]?.size ?? 0;
      if (end > start && bytes > mostAtOnce) break;
    }
    const found = await readBatch(git, objects.slice(start, end), { signal });
    for (const [index, bytes] of found.entries()) {
      if (bytes === null) throw new Error(`git gave no blob for ${objects[start + index]?.oid}`);
      yield bytes;
    }
    start = end;
  }
}

/** The bytes of objects, in their order; null for what is not there, or is no blob. */
async function readBatch(
  git: Git,
  objects: readonly { readonly oid: string }[],
  call: GitCall = {},
): Promise<(Buffer | null)[]> {
  const input = objects.map(({ oid }) => `${oid}\n`).join('');
  const answer = await git.run(['cat-file', '--batch'], { ...call, input });
  // Each is a line «name type size», the bytes, and a line feed, or a line «name missing» (git-cat-file, «batch output»).
  let at = 0;
  return objects.map(({ oid }) => {
    const line = answer.indexOf('\n', at);
    const [name, type, size] = answer.subarray(at, line).toString().split(' ');
    at = line + 1;
    if (size === undefined) return null;
    const bytes = answer.subarray(at, at + Number(size));
    at += bytes.length + 1;
    return name === oid && type === 'blob' ? bytes : null;
  });
}

/** More are read by several gits in turn: as many files of any size fit into one answer. */
const mostInBatch = 100;

/**
 * Reads blobs one by one for who asks: those that are asked for in the same moment are read by one git.
 * @param alone reads one that the batch did not give, and says why it cannot
 */
export function blobReader(
  git: Git,
  alone: (oid: string) => Promise<Buffer>,
): (oid: string) => Promise<Buffer> {
  let asked: { oid: string; give: (bytes: Buffer | Promise<Buffer>) => void }[] = [];
  const readAll = async (): Promise<void> => {
    const all = asked;
    asked = [];
    for (let start = 0; start < all.length; start += mostInBatch) {
      const batch = all.slice(start, start + mostInBatch);
      // A batch that fails says of none what is the matter with it.
      const found = batch.length === 1 ? [] : await readBatch(git, batch).catch(() => []);
      for (const [index, { oid, give }] of batch.entries()) {
        const bytes = found[index] ?? alone(oid);
        give(bytes);
        // Those that the batch did not give are read in turn too.
        await Promise.allSettled([bytes]);
      }
    }
  };
  return (oid) =>
    new Promise((give) => {
      if (asked.length === 0) setImmediate(() => void readAll());
      asked.push({ oid, give });
    });
}
