import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { findConfig } from '../config/find-config.ts';
import { askLine, examine } from '../config/trust/trusted-layer.ts';
import { createTrustStore, type TrustEntry } from '../config/trust/trust-store.ts';
import { BlueprintError, throwAll } from '../domain/errors.ts';

export interface TrustPlace {
  /** Absolute. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** This file instead of the one that is found. */
  readonly config?: string | undefined;
}

export interface Examination {
  /** Absolute. */
  readonly file: string;
  /** What it would do, a line each; empty where it needs no trust. */
  readonly asks: readonly string[];
  readonly isTrusted: boolean;
  /** Keeps that this text was trusted, whatever the file says by then. */
  trust(): Promise<void>;
}

/** What the config of a folder would do; nothing of it is run. Null where there is none. */
export async function examineConfig(place: TrustPlace): Promise<Examination | null> {
  const { env } = place;
  const file = await configOf(place);
  if (file === null) return null;
  const examined = await examine(file, place);
  if ('foreign' in examined) throw new BlueprintError(examined.foreign);
  if ('problems' in examined) {
    throwAll(examined.problems);
    return null;
  }
  const { asks, text, isTrusted } = examined;
  return {
    file,
    asks: asks?.map(askLine) ?? [
      'It is a program: it runs with your rights, your files and your keys whenever blueprint starts here',
    ],
    isTrusted,
    trust: () => createTrustStore(env).add(file, text),
  };
}

/** @returns the file that is trusted no more, or null where none was */
export async function revokeTrust(place: TrustPlace): Promise<string | null> {
  const file = await configOf(place);
  return file !== null && (await createTrustStore(place.env).remove(file)) ? file : null;
}

export function trustedConfigs({ env }: TrustPlace): Promise<readonly TrustEntry[]> {
  return createTrustStore(env).list();
}

/** What the program itself wrote for its person needs no question. */
export function trustWritten(
  { path, content }: { readonly path: string; readonly content: string },
  env: NodeJS.ProcessEnv,
): Promise<void> {
  return createTrustStore(env).add(path, content);
}

async function configOf({ cwd, env, config }: TrustPlace): Promise<string | null> {
  const named = [config, env['BLUEPRINT_CONFIG']].find((path) => (path?.trim() ?? '') !== '');
  if (named !== undefined) return resolve(cwd, named.trim());
  return (await findConfig(cwd, homedir())).file;
}
