import { setTimeout as pause } from 'node:timers/promises';
import { cliEnvironment } from '../config/cli-environment.ts';
import { toSingleLine } from '../domain/text.ts';
import { findProgram } from '../files/find-program.ts';
import type { CommandContext } from './command.ts';

/** What a program needs to find the desktop and its browser, beside what every program needs. */
const variables = [
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XAUTHORITY',
  'BROWSER',
  'DESKTOP_SESSION',
  'XDG_CURRENT_DESKTOP',
  'XDG_SESSION_TYPE',
] as const;

/** A browser that is started by it may stay its child: after so long, ms, it is taken to be open. */
const patienceMs = 3_000;

/**
 * Opens a file with the program that this machine opens web pages with.
 * @param path absolute
 * @returns why it could not be opened; else null
 */
export async function openInBrowser(
  path: string,
  { env, cwd }: Pick<CommandContext, 'env' | 'cwd'>,
  platform: NodeJS.Platform = process.platform,
): Promise<string | null> {
  const environment = cliEnvironment({ command: null, variables }, env, undefined);
  const [name, ...args] = openers[platform] ?? otherwise;
  const found = findProgram(name, environment);
  if ('problem' in found) return found.problem;
  const { execa } = await import('execa');
  const child = execa(found.path, [...args, path], {
    cwd,
    env: environment,
    extendEnv: false,
    // It outlives this command.
    detached: true,
    cleanup: false,
    stdio: 'ignore',
    reject: false,
  });
  child.unref();
  const ended = await Promise.race([child, pause(patienceMs, null, { ref: false })]);
  if (ended === null || ended.exitCode === 0) return null;
  return ended.exitCode === undefined
    ? toSingleLine(ended.shortMessage ?? 'it did not start', 200)
    : `${name} ended with exit code ${ended.exitCode}`;
}

type Opener = readonly [string, ...string[]];

const otherwise: Opener = ['xdg-open'];
const openers: Partial<Record<NodeJS.Platform, Opener>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};
