import type { FileChanges } from '../../domain/bundle.ts';
import { attributesOf, type Attributes } from './attributes.ts';
import { quietFilters } from './quiet-filters.ts';
import { settingsOf } from './settings.ts';
import { movedFileOf } from '../../text/moved-file.ts';
import { movedFileGone } from '../problems.ts';
import { encodeText } from '../../text/encoding.ts';
import type { Repository, Tree, TreeEntry } from './repository.ts';
import { goneFiles, storedEncoding } from './write-commit.ts';

/**
 * Files as git would check them out, by line ends and encodings that attributes and config ask for; filters
 * are not run. A text is in the encoding of the first of the trees that has the file, or that it declares.
 * Null for a deletion.
 */
export async function checkedOut(
  repository: Repository,
  files: FileChanges,
  trees: readonly Tree[],
): Promise<Map<string, Buffer | null>> {
  const { git, prefix } = repository;
  const attributes = await attributesOf(git, [...files.keys()]);
  const settings = await settingsOf(git, /^(filter\.|core\.(autocrlf|eol)$)/);
  const byConfig = convertsByConfig(settings);
  const env = quietFilters(settings);
  const [tip = new Map<string, TreeEntry>()] = trees;
  const gone = await goneFiles(repository, { changes: files, tree: tip });
  const found = new Map<string, Buffer | null>();
  for (const [path, text] of files) {
    if (text === null) {
      found.set(path, null);
      continue;
    }
    const tree = trees.find((each) => each.has(path)) ?? tip;
    const bytes =
      (await movedBytes(repository, path, text, trees)) ??
      encodeText(text, await storedEncoding(repository, tree, { path, text, gone }), path);
    if (!byConfig && !converts(attributes.get(path) ?? {})) found.set(path, bytes);
    else {
      const stored = ['hash-object', '--no-filters', '-w', '--stdin'];
      const oid = await git.text(stored, { input: bytes });
      const shown = ['cat-file', '--filters', `--path=${prefix}${path}`, oid];
      found.set(path, await git.run(shown, { env }));
    }
  }
  return found;
}

/** Null for a text. @throws BlueprintError `workspace-moved-file-gone` */
async function movedBytes(
  repository: Repository,
  path: string,
  text: string,
  trees: readonly Tree[],
): Promise<Buffer | null> {
  const moved = movedFileOf(text);
  if (moved === null) return null;
  for (const tree of trees)
    for (const entry of [tree.get(path), tree.get(moved.from)])
      if (entry !== undefined && (await repository.content(entry, path)).hash === moved.sha256)
        return repository.blob(entry.oid);
  throw movedFileGone(path, moved.from);
}

function converts(attributes: Attributes): boolean {
  return (['eol', 'ident', 'working-tree-encoding'] as const).some((name) => name in attributes);
}

/** Whether settings alone turn line ends (git-config, «core.autocrlf», «core.eol»). */
function convertsByConfig(settings: ReadonlyMap<string, string>): boolean {
  const setting = (name: string): string => settings.get(name)?.trim().toLowerCase() ?? '';
  const turned = ['true', 'yes', 'on', '1'].includes(setting('core.autocrlf'));
  return turned || setting('core.eol') === 'crlf';
}
