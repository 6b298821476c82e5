import { listIn, type Git } from '../../files/git.ts';

const asked = ['text', 'eol', 'ident', 'filter', 'working-tree-encoding'] as const;

/** What `.gitattributes` say of a file that decides how it is checked out; absent where nothing is set. */
export type Attributes = Partial<Record<(typeof asked)[number], string>>;

/** By path. */
export async function attributesOf(
  git: Git,
  paths: readonly string[],
): Promise<Map<string, Attributes>> {
  const found = new Map<string, Attributes>();
  if (paths.length === 0) return found;
  const input = paths.map((path) => `${path}\0`).join('');
  const said = listIn(await git.run(['check-attr', '-z', '--stdin', ...asked], { input }));
  // Triples of path, attribute and value (git-check-attr, «OUTPUT»).
  for (let at = 0; at + 2 < said.length; at += 3) {
    const [path = '', name = '', value = ''] = said.slice(at, at + 3);
    if (value === 'unspecified' || value === 'unset') continue;
    found.set(path, { ...found.get(path), [name]: value });
  }
  return found;
}
