import { readFile, readdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { ResolvedConfig } from '../config/resolved-config.ts';
import { BlueprintError } from '../domain/errors.ts';
import { pathProblem } from '../domain/safe-path.ts';
import { toSingleLine } from '../domain/text.ts';
import { isWithin, slashPath } from '../files/contained-path.ts';
import { isFolder } from '../files/is-there.ts';

const mostFiles = 500;
const mostBytes = 5_000_000;

/**
 * The tests of a folder, by the path that they are run at: their own below the root, or below the folder's
 * name where it stands elsewhere. Candidates can neither change nor delete them.
 * @param folder absolute. @throws BlueprintError `tests-not-found`, `tests-unusable`
 */
export async function givenTests(root: string, folder: string): Promise<Map<string, string>> {
  const shown = toSingleLine(relative(root, folder) || '.', 200);
  if (!(await isFolder(folder)))
    throw new BlueprintError({
      code: 'tests-not-found',
      message: `There is no folder ${shown} with tests`,
      target: shown,
      fix: 'Give a folder of test files with --tests, or a command with --test-command.',
    });
  const inside = folder !== root && isWithin(root, folder);
  const prefix = inside ? slashPath(root, folder) : basename(folder);
  const tests = new Map<string, string>();
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const name = slashPath(folder, join(entry.parentPath, entry.name));
    if (name.split('/').includes('node_modules')) continue;
    const path = `${prefix}/${name}`;
    const content = await readFile(join(folder, name));
    bytes += content.length;
    if (pathProblem(path) !== null) throw unusable(shown, `holds ${toSingleLine(path, 120)}`);
    if (tests.size >= mostFiles || bytes > mostBytes)
      throw unusable(shown, `holds more than ${mostFiles} files or ${mostBytes} bytes`);
    tests.set(path, content.toString('utf8'));
  }
  if (tests.size === 0) throw unusable(shown, 'holds no file');
  return new Map([...tests].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Tests that were asked for are run whatever the config says. */
export function withTests(config: ResolvedConfig): ResolvedConfig {
  const { gates } = config;
  if (gates.run.includes('tests')) return config;
  return { ...config, gates: { ...gates, run: [...gates.run, 'tests'] } };
}

function unusable(shown: string, why: string): BlueprintError {
  return new BlueprintError({
    code: 'tests-unusable',
    message: `The folder ${shown} of --tests ${why}`,
    target: shown,
    fix: 'Give a folder that holds the tests alone.',
  });
}
