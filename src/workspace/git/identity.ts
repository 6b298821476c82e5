import type { Git } from '../../files/git.ts';
import { settingsOf } from './settings.ts';

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
  const settings = await settingsOf(git, /^user\.(name|email)$/);
  const setting = (name: string): string =>
    (settings.get(`user.${name}`) ?? '').replaceAll(/[<>\p{Cc}]/gu, '').trim();
  const name = setting('name');
  const email = setting('email');
  return name === '' || email === '' ? { ...own, own: true } : { name, email, own: false };
}
