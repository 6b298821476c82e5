import { listIn, type Git } from '../../files/git.ts';

/**
 * Settings whose names fit, as git knows them: by name in small letters but for what stands between its
 * dots, as `filter.LFS.clean`. The last of several counts; one without a value is `true`.
 */
export async function settingsOf(git: Git, names: RegExp): Promise<Map<string, string>> {
  const asked = ['config', '-z', '--get-regexp', names.source];
  const { exitCode, stdout } = await git.attempt(asked);
  if (exitCode !== 0) return new Map();
  return new Map(
    listIn(stdout).map((line) => {
      const end = line.indexOf('\n');
      return end === -1 ? [line, 'true'] : [line.slice(0, end), line.slice(end + 1)];
    }),
  );
}
