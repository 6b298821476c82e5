import type { Git } from './git.ts';

/** Who commits approved work. */
export interface Identity {
  readonly name: string;
  readonly email: string;
}

const own: Identity = { name: 'blueprint', email: 'blueprint@localhost' };

/** The configured identity, else the user's own as git knows it; `own` when there is neither. */
export async function identityOf(
  git: Git,
  configured: Identity | null,
): Promise<Identity & { readonly own: boolean }> {
  if (configured !== null) return { ...configured, own: false };
  const setting = async (name: string): Promise<string> => {
    const { exitCode, stdout } = await git.attempt(['config', '--get', name]);
    return exitCode === 0
      ? stdout
          .toString()
          .replaceAll(/[<>\p{Cc}]/gu, '')
          .trim()
      : '';
  };
  const name = await setting('user.name');
  const email = await setting('user.email');
  return name === '' || email === '' ? { ...own, own: true } : { name, email, own: false };
}
