import type { Git } from '../../files/git.ts';
import { settingsOf } from './settings.ts';

/** The names of settings of filters. */
export const filterSettings = /^filter\./;

/**
 * The variables under which git knows the repository's filters by name but starts none of them. Commands
 * that compare files with what is stored need this; what git itself converts (line ends, encodings) stays.
 */
export async function withoutFilters(git: Git): Promise<Record<string, string>> {
  return quietFilters(await settingsOf(git, filterSettings));
}

/** As `withoutFilters`, of settings that are known. */
export function quietFilters(known: ReadonlyMap<string, string>): Record<string, string> {
  const filters = [...known.keys()].filter((key) => filterSettings.test(key));
  if (filters.length === 0) return {};
  const drivers = new Set(filters.map((key) => key.slice(0, key.lastIndexOf('.'))));
  const settings = [...drivers].flatMap((driver) => [
    [`${driver}.clean`, ''],
    [`${driver}.smudge`, ''],
    [`${driver}.process`, ''],
    [`${driver}.required`, 'false'],
  ]);
  const env: Record<string, string> = { GIT_CONFIG_COUNT: String(settings.length) };
  for (const [index, [key = '', value = '']] of settings.entries()) {
    env[`GIT_CONFIG_KEY_${index}`] = key;
    env[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return env;
}
