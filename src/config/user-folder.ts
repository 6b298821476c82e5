import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where this user's own settings of the program are kept; nothing that comes with a project gets there. */
export function userFolder(env: NodeJS.ProcessEnv): string {
  const { APPDATA: windows, HOME: home, XDG_CONFIG_HOME: configs } = env;
  const folder = [configs, process.platform === 'win32' ? windows : undefined].find(
    (path) => path !== undefined && isAbsolute(path),
  );
  return join(folder ?? join(homeOf(home), '.config'), 'blueprint');
}

const homeOf = (home: string | undefined): string =>
  home !== undefined && isAbsolute(home) ? home : homedir();

/** Of this user alone: a clone brings none of it. Null where the system names no place. */
export function cacheFolder(
  { XDG_CACHE_HOME: cache, HOME: home }: NodeJS.ProcessEnv,
  name: string,
): string | null {
  const own = cache !== undefined && isAbsolute(cache) ? cache : home && join(home, '.cache');
  return own ? join(own, 'blueprint', name) : null;
}
