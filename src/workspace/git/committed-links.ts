import { createGit, listIn, parseEntry } from '../../files/git.ts';

/** Symbolic links that git knows below a folder, by slash path; none where git knows nothing of it. */
export async function committedLinks(
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<ReadonlySet<string>> {
  const git = createGit({ cwd: folder, env });
  const answer = await git.attempt(['ls-files', '-s', '-z']).catch(() => null);
  if (answer === null || answer.exitCode !== 0) return new Set();
  const entries = listIn(answer.stdout).map(parseEntry);
  return new Set(entries.flatMap(({ words, path }) => (words[0] === '120000' ? [path] : [])));
}
