import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { slashPath } from './contained-path.ts';
import { readLeft } from './read-left.ts';

/** Whether rules leave a slash path out, the nearest rule first. Folders end with a slash. */
export type IgnoreRules = (path: string) => boolean;

/** The rules that hold in a folder: those of the folders above it, and those of a text that stands in it. */
export type AddRules = (outer: IgnoreRules, folder: string, text: string) => IgnoreRules;

export const noRules: IgnoreRules = () => false;

/** Longer files of rules are nobody's work. */
const mostBytes = 1024 * 1024;

/** Reads the rules of gitignore (git-scm.com/docs/gitignore). What holds them is loaded when it is first used. */
export async function ignoreReader(): Promise<AddRules> {
  const { default: ignore } = await import('ignore');
  return (outer, folder, text) => {
    const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
    const own = ignore({ allowRelativePaths: true }).add(lines.filter(isQuick));
    return (path) => {
      const said = own.test(folder === '' ? path : path.slice(folder.length + 1));
      return said.ignored || (!said.unignored && outer(path));
    };
  };
}

/** Many wild cards in one name can be matched in so many ways that asking of a single path takes for ever. */
function isQuick(rule: string): boolean {
  return rule.split('/').every((name) => (name.match(/\*+/g) ?? []).length <= 4);
}

/** The text of a folder's rules; null for none, or what is no plain file. @param root absolute */
export async function rulesIn(root: string, folder: string, name: string): Promise<string | null> {
  const bytes = await readLeft(root, folder === '' ? name : `${folder}/${name}`, mostBytes);
  return bytes === null ? null : bytes.toString();
}

/**
 * The rules that a repository above a folder, or in it, has for the folder, for where git itself cannot be
 * asked: those of the folders above, and its own that are not shared. None where they leave the folder out.
 * @param root absolute
 */
export async function rulesAbove(root: string): Promise<IgnoreRules> {
  const top = await repositoryAbove(root);
  if (top === null) return noRules;
  const add = await ignoreReader();
  const prefix = slashPath(top, root);
  let rules = noRules;
  const shared = await rulesIn(top, '.git/info', 'exclude');
  if (shared !== null) rules = add(rules, '', shared);
  const above = prefix === '' ? [] : prefix.split('/');
  for (let depth = 0; depth < above.length; depth++) {
    const folder = above.slice(0, depth).join('/');
    const text = await rulesIn(top, folder, '.gitignore');
    if (text !== null) rules = add(rules, folder, text);
  }
  if (prefix === '') return rules;
  return rules(`${prefix}/`) ? noRules : (path) => rules(`${prefix}/${path}`);
}

/** The nearest folder, of this one and those above, that holds a repository; null for none. */
export async function repositoryAbove(root: string): Promise<string | null> {
  for (let at = root; ; at = dirname(at)) {
    const isTop = await stat(join(at, '.git')).then(
      () => true,
      () => false,
    );
    if (isTop) return at;
    if (dirname(at) === at) return null;
  }
}
