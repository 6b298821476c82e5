import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The file in which a project names its version, for each manager of pyenv's family. */
const versionFiles: Readonly<Record<string, string>> = {
  pyenv: '.python-version',
  rbenv: '.ruby-version',
  nodenv: '.node-version',
  goenv: '.go-version',
  phpenv: '.php-version',
  plenv: '.perl-version',
};

/**
 * The folder of programs of the version that a manager of pyenv's family would choose: by its variable, by
 * the project's file or one above it, by its own file. Null where these do not begin with the whole number of
 * a version: what else they may say is the manager's to understand, which takes it dozens of processes.
 * @param home the manager's folder, where it keeps `version` and `versions/`
 * @param root where the search for the project's file begins
 */
export async function chosenVersion(
  manager: string,
  home: string,
  root: string,
  env: Readonly<NodeJS.ProcessEnv>,
): Promise<string | null> {
  const file = versionFiles[manager];
  if (file === undefined) return null;
  const places = [...foldersFrom(root).map((folder) => join(folder, file)), join(home, 'version')];
  let said = env[`${manager.toUpperCase()}_VERSION`] ?? '';
  for (const place of said === '' ? places : [])
    if ((said = await readFile(place, 'utf8').catch(() => '')) !== '') break;
  const version = /^\s*(\d+(?:\.\d+)+)(?=[\s:]|$)/.exec(said)?.[1];
  return version === undefined ? null : join(home, 'versions', version, 'bin');
}

function foldersFrom(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersFrom(above)];
}
