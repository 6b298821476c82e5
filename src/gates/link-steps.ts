import { lstat, readlink } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';

const mostLinks = 40;

/** The links that a path passes on its way, each by its own place; absolute. Those that lead round end. */
export async function linksOn(path: string): Promise<string[]> {
  const links: string[] = [];
  let open = resolve(path).split(sep).slice(1);
  let at: string = sep;
  while (open.length > 0 && links.length < mostLinks) {
    const [name = '', ...rest] = open;
    const next = join(at, name);
    const target = (await lstat(next).catch(() => null))?.isSymbolicLink()
      ? await readlink(next).catch(() => null)
      : null;
    if (target === null) {
      at = next;
      open = rest;
      continue;
    }
    links.push(next);
    open = [...resolve(at, target).split(sep).slice(1), ...rest];
    at = sep;
  }
  return links;
}
