import { pathKey } from '../domain/safe-path.ts';

/** A file that goes in the same change. */
export interface GoneFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * The file whose place a new one takes, so that it keeps what is no content: the same name but for its case,
 * the same content, or the only one of the same name in another folder. Null where there is none.
 */
export function renamedFrom<T extends GoneFile>(
  path: string,
  bytes: Uint8Array,
  gone: readonly T[],
): T | null {
  const name = nameOf(path);
  const namesakes = gone.filter((file) => nameOf(file.path) === name);
  return (
    gone.find((file) => pathKey(file.path) === pathKey(path)) ??
    gone.find((file) => bytes.length > 0 && Buffer.compare(file.bytes, bytes) === 0) ??
    (namesakes.length === 1 ? namesakes[0] : undefined) ??
    null
  );
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
