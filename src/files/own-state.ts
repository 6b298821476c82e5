import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BlueprintError } from '../domain/errors.ts';
import { knownJson } from '../text/kept-json.ts';
import { chmod, mkdir } from './disk.ts';
import { writeNewFile } from './atomic-file.ts';

/**
 * Tells the state that this user's program wrote in one work folder from state that came with a repository:
 * what git does not track was made here, and what git tracks has to bear this user's signature.
 */
export interface OwnState {
  /** The record with a signature; as it is where this user can keep no key. */
  signed<T extends object>(what: string, record: T): Promise<T & { readonly signature?: string }>;
  /**
   * @param what the record's name in its signature
   * @param path its file, as a slash path below the work folder
   */
  isOwn(what: string, path: string, record: unknown): Promise<boolean>;
  /** Whether the record itself is signed, wherever it stands. */
  isSigned(what: string, record: unknown): Promise<boolean>;
  /** Whether git tracks the file at a slash path below the work folder. */
  isTracked(path: string): Promise<boolean>;
}

/** For work that no repository can bring state to. */
export const allOwn: OwnState = {
  signed: async (_what, record) => record,
  isOwn: async () => true,
  isSigned: async () => true,
  isTracked: async () => false,
};

export interface OwnStateOptions {
  /** Of the work folder: a record of another one is none of this. */
  readonly slug: string;
  /** Null where none can be kept. */
  readonly key: () => Promise<Buffer | null>;
  /** Whether git tracks a slash path below the work folder. */
  readonly isTracked: (path: string) => Promise<boolean>;
}

export function createOwnState({ slug, key, isTracked }: OwnStateOptions): OwnState {
  const signatureOf = async (what: string, record: object): Promise<string | null> => {
    const known = await key();
    if (known === null) return null;
    const text = `[${JSON.stringify(slug)},${JSON.stringify(what)},${orderedJson(record) ?? 'null'}]`;
    return createHmac('sha256', known).update(text).digest('hex');
  };
  const isSigned: OwnState['isSigned'] = async (what, record) => {
    if (typeof record !== 'object' || record === null) return false;
    const { signature, ...rest } = record as { signature?: unknown };
    if (typeof signature !== 'string') return false;
    const wanted = await signatureOf(what, rest);
    return wanted !== null && isSame(wanted, signature);
  };
  return {
    async signed(what, record) {
      const signature = await signatureOf(what, record);
      return signature === null ? record : { ...record, signature };
    },
    isOwn: async (what, path, record) => (await isSigned(what, record)) || !(await isTracked(path)),
    isSigned,
    isTracked,
  };
}

/**
 * The JSON of a value with the keys of its objects sorted: a schema that reads a record may give them in
 * another order. A record can list thousands of files: the text of an entry that is known is not made again.
 */
function orderedJson(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || 'toJSON' in value)
    return JSON.stringify(value);
  if (Array.isArray(value))
    return knownJson(value) ?? `[${value.map((one) => orderedJson(one) ?? 'null').join(',')}]`;
  // As an object once more: it puts keys that are numbers first, as those that were signed before have them.
  const ordered = Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  const members = Object.entries(ordered).flatMap(([key, member]) => {
    const text = orderedJson(member);
    return text === undefined ? [] : [`${JSON.stringify(key)}:${text}`];
  });
  return `{${members.join(',')}}`;
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const keyForm = /^[0-9a-f]{64}\n?$/;

/** The user's key, made when it is first needed; null where none can be kept. */
export async function readOwnKey(folder: string): Promise<Buffer | null> {
  const path = join(folder, 'key');
  const found = await keyAt(path);
  if (found !== null) return found;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const key = `${randomBytes(32).toString('hex')}\n`;
    await writeNewFile(path, key, 0o600);
  } catch {
    // Another process was faster, or this user can keep nothing.
  }
  return keyAt(path);
}

async function keyAt(path: string): Promise<Buffer | null> {
  const text = await readFile(path, 'utf8').catch(() => '');
  if (!keyForm.test(text)) return null;
  // A key that others can read signs for them too.
  await chmod(path, 0o600).catch(() => undefined);
  return Buffer.from(text.trim(), 'hex');
}

/** @param untrack the paths that are to be taken over, from the project's folder */
export function foreignState(
  what: string,
  target: string,
  untrack: readonly string[],
): BlueprintError {
  return new BlueprintError({
    code: 'state-foreign',
    message: `${what} came with the repository and was not made by you on this machine: nothing of it is used`,
    target,
    fix: `Look at it; to do without it, delete it. If you take it for your own: git rm -r -q --cached ${untrack.join(' ')}, then run the same command again.`,
  });
}
