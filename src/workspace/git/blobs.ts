import type { Git } from '../../files/git.ts';

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
    const input = objects
      .slice(start, end)
      .map(({ oid }) => `${oid}\n`)
      .join('');
    const answer = await git.run(['cat-file', '--batch'], { input, signal });
    // Each is a line «name type size», the bytes, and a line feed (git-cat-file, «batch output»).
    let at = 0;
    for (const { oid } of objects.slice(start, end)) {
      const line = answer.indexOf('\n', at);
      const [name, type, size] = answer.subarray(at, line).toString().split(' ');
      if (name !== oid || type !== 'blob') throw new Error(`git gave ${String(type)} for ${oid}`);
      at = line + 1 + Number(size);
      yield answer.subarray(line + 1, at);
      at += 1;
    }
    start = end;
  }
}
