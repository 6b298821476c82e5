import { join } from 'node:path';
import { mkdir, rm, writeFile } from '../../files/disk.ts';
import type { FileChanges } from '../../domain/bundle.ts';
import { toSingleLine } from '../../domain/text.ts';
import type { CommitNote } from '../workspace.ts';
import { attributesOf } from './attributes.ts';
import type { Identity } from './identity.ts';
import { encodeText, encodingToWrite, type Encoding } from '../../text/encoding.ts';
import { movedFileOf } from '../../text/moved-file.ts';
import { movedFileGone } from '../problems.ts';
import { encodingOfNew, renamedFrom, type GoneFile } from '../renames.ts';
import { entryAt, fileBefore, type Repository, type Tree, type TreeEntry } from './repository.ts';

export interface NewCommit {
  readonly slug: string;
  readonly changes: FileChanges;
  /** The commit that it comes after. */
  readonly parent: string;
  /** What the branch was made on, for its own record. */
  readonly base: string;
  readonly tree: Tree;
  readonly note: CommitNote | undefined;
  readonly identity: Identity;
  readonly at: Date;
  /** Absolute: a folder that is made for this and removed; what a killed process left there goes. */
  readonly staging: string;
}

/**
 * Writes blobs, tree and commit into the repository's store, with an index of its own; nothing refers to
 * them yet. Bytes are stored as they are, whatever attributes and filters say; a text is in the encoding that it was in or declares.
 * @returns the commit's name, or the parent's when nothing differs.
 */
export async function writeCommit(repository: Repository, commit: NewCommit): Promise<string> {
  const { git } = repository;
  const { staging, parent } = commit;
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true });
  try {
    const env = { GIT_INDEX_FILE: join(staging, 'index') };
    const config = ['core.splitIndex=false', 'index.sparse=false', 'core.untrackedCache=false'];
    const safe = [...config, 'core.protectHFS=true', 'core.protectNTFS=true'];
    const lines = await indexLines(repository, commit);
    if (lines.length === 0) return parent;
    const input = lines.map((line) => `${line}\0`).join('');
    await git.run(['read-tree', parent], { env, config: safe });
    await git.run(['update-index', '-z', '--index-info'], { env, config: safe, input });
    const tree = await git.text(['write-tree'], { env, config: safe });
    return await git.text(['commit-tree', tree, '-p', parent, '-F', '-'], {
      input: messageOf(commit),
      env: personOf(commit.identity, commit.at),
      config: ['i18n.commitEncoding=UTF-8'],
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** What differs from the tree, as `update-index --index-info` takes it. */
async function indexLines(repository: Repository, commit: NewCommit): Promise<string[]> {
  const { git, prefix } = repository;
  const written: { path: string; file: string; mode: string }[] = [];
  const gone = await goneFiles(repository, commit);
  const lines: string[] = [];
  const put = (path: string, mode: string, oid: string): void => {
    const there = commit.tree.get(path);
    if (there?.mode !== mode || there.oid !== oid) lines.push(`${mode} ${oid}\t${prefix}${path}`);
  };
  for (const [path, content] of commit.changes) {
    // What goes has to go first: it may stand where a folder is to be.
    if (content === null) lines.push(`0 ${'0'.repeat(commit.parent.length)}\t${prefix}${path}`);
    else if (movedFileOf(content) !== null) {
      const entry = await movedEntry(repository, commit.tree, path, content);
      put(path, modeOf(entry), entry.oid);
    } else {
      const file = join(commit.staging, String(written.length));
      const there = commit.tree.get(path);
      const encoding = await storedEncoding(repository, commit.tree, { path, text: content, gone });
      const bytes = encodeText(content, encoding, path);
      await writeFile(file, bytes, { flag: 'wx' });
      const mode = modeOf(there ?? renamedFrom(path, bytes, gone));
      written.push({ path, file, mode });
    }
  }
  if (written.length === 0) return lines;
  const input = written.map(({ file }) => `${file}\n`).join('');
  const hashed = await git.text(['hash-object', '-w', '--no-filters', '--stdin-paths'], { input });
  const oids = hashed.split('\n');
  for (const [index, { path, mode }] of written.entries()) put(path, mode, oids[index] ?? '');
  return lines;
}

/**
 * The encoding of a text in the store: the one that it was in, or the one that it declares. What git itself
 * converts when it is checked out is stored in UTF-8 (gitattributes, «working-tree-encoding»).
 */
export async function storedEncoding(
  repository: Repository,
  tree: Tree,
  file: { readonly path: string; readonly text: string; readonly gone: readonly GoneFile[] },
): Promise<Encoding> {
  const { path, text, gone } = file;
  const there = tree.get(path);
  const encoding =
    there === undefined
      ? encodingOfNew(path, text, gone)
      : encodingToWrite(path, text, await fileBefore(repository, path, there));
  if (encoding.startsWith('utf-')) return encoding;
  const attributes = (await attributesOf(repository.git, [path])).get(path);
  return attributes?.['working-tree-encoding'] === undefined ? encoding : 'utf-8';
}

function modeOf(entry: Pick<TreeEntry, 'mode'> | null): string {
  return entry?.mode === '100755' ? entry.mode : '100644';
}

/**
 * The blob of a file that is no text and gets this name, as it stands in the tree.
 * @throws BlueprintError `workspace-moved-file-gone`
 */
async function movedEntry(
  { content }: Pick<Repository, 'content'>,
  tree: Tree,
  path: string,
  text: string,
): Promise<TreeEntry> {
  const moved = movedFileOf(text);
  for (const place of moved === null ? [] : [moved.from, path]) {
    const entry = entryAt(tree, place);
    if (entry !== null && (await content(entry, place)).hash === moved?.sha256) return entry;
  }
  throw movedFileGone(path, moved?.from ?? path);
}

/** Files that go: new ones may be the same under another name. */
export async function goneFiles(
  { blob, content: contentOf }: Repository,
  { changes, tree }: Pick<NewCommit, 'changes' | 'tree'>,
): Promise<(GoneFile & TreeEntry)[]> {
  const found: (GoneFile & TreeEntry)[] = [];
  if (![...changes].some(([path, content]) => content !== null && !tree.has(path))) return found;
  for (const [path, content] of changes) {
    const entry = content === null ? tree.get(path) : undefined;
    if (entry === undefined) continue;
    // Of what is no text only whether it can be executed is kept by content.
    if (entry.mode === '100755' || (await contentOf(entry, path)).content !== null)
      found.push({ path, ...entry, bytes: await blob(entry.oid) });
  }
  return found;
}

function messageOf({ slug, base, note }: NewCommit): string {
  const line = (text: string): string => toSingleLine(text, 300);
  const subject = note === undefined ? 'Approved work' : `${note.task}: ${note.title}`;
  const trailers = [
    ['Feature', slug],
    ['Task', note?.task ?? ''],
    ['Requirements', note?.requirements.join(', ') ?? ''],
    ['Author', note?.author ?? ''],
    ['Reviewer', note?.reviewer ?? ''],
    ['Approved-By', note?.approvedBy ?? ''],
    ['Base', base],
  ];
  const said = trailers
    .filter(([, value]) => value !== '')
    .map(([name = '', value = '']) => `Blueprint-${name}: ${line(value)}`);
  return `${toSingleLine(subject, 100)}\n\n${said.join('\n')}\n`;
}

function personOf({ name, email }: Identity, at: Date): Record<string, string> {
  const date = at.toISOString();
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  };
}
