import { lstatSync } from 'node:fs';
import { ignoreReader, noRules, rulesIn, type IgnoreRules } from '../files/ignore-rules.ts';
import { folderOf } from '../files/slash-paths.ts';
import { createPause } from '../text/pause.ts';

/** Holds, in gitignore's syntax, what of a project the tool leaves alone although it belongs to it. */
export const ruleFile = '.blueprintignore';

/** The rules of all such files in the folders of some paths. @param root absolute */
export async function ownRules(
  root: string,
  paths: Iterable<string>,
  signal: AbortSignal,
): Promise<IgnoreRules> {
  const pause = createPause(signal);
  const texts = new Map<string, string>();
  for (const folder of foldersAround(paths)) {
    await pause();
    if (!mayHold(`${root}/${folder}`)) continue;
    const text = await rulesIn(root, folder, ruleFile);
    if (text !== null) texts.set(folder, text);
  }
  if (texts.size === 0) return noRules;

  const addRules = await ignoreReader();
  const known = new Map<string, FolderRules>([[outside, { isLeftOut: false, rules: noRules }]]);
  const at = (folder: string): FolderRules => {
    const found = known.get(folder);
    if (found !== undefined) return found;
    const above = at(folder === '' ? outside : folderOf(folder));
    const text = texts.get(folder);
    const own = {
      isLeftOut: above.isLeftOut || (folder !== '' && above.rules(`${folder}/`)),
      rules: text === undefined ? above.rules : addRules(above.rules, folder, text),
    };
    known.set(folder, own);
    return own;
  };
  return (path) => {
    const { isLeftOut, rules } = at(folderOf(path));
    return isLeftOut || rules(path);
  };
}

interface FolderRules {
  /** With all that is in it, whatever the rules in it say. */
  readonly isLeftOut: boolean;
  readonly rules: IgnoreRules;
}

/** Stands for the folder above the root; no path is called so. */
const outside = '/';

function foldersAround(paths: Iterable<string>): Set<string> {
  const folders = new Set(['']);
  for (const path of paths)
    for (let at = folderOf(path); !folders.has(at); at = folderOf(at)) folders.add(at);
  return folders;
}

/** Asked without waiting: nearly all folders hold none, and the answer takes microseconds. */
function mayHold(folder: string): boolean {
  try {
    return lstatSync(`${folder}/${ruleFile}`, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
