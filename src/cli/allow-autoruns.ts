import { AutorunNotAllowed, autorunText, type Autorun } from '../domain/autorun.ts';
import { counted } from '../text/counted.ts';
import type { CommandContext } from './command.ts';
import type { Prompts } from './interactive/prompts.ts';

/** At most so many are listed; the rest are counted. */
const most = 30;

/** What runs by itself, a line each below a heading; nothing where there is none. */
export function autorunLines(
  autoruns: readonly Autorun[],
  title = 'What runs by itself:',
): string[] {
  if (autoruns.length === 0) return [];
  const rest = autoruns.length - most;
  return [
    title,
    ...autoruns.slice(0, most).map((found) => `  ! ${autorunText(found)}`),
    ...(rest > 0 ? [`  … and ${rest} more`] : []),
  ];
}

/**
 * Does what a person has to allow first: shows them what runs by itself and asks, then does it with exactly
 * that permitted. Without a terminal the refusal stands, which names the option that allows it.
 * @throws AutorunNotAllowed
 */
export async function withPermission<T>(
  act: (permitted: readonly Autorun[]) => Promise<T>,
  ask: ((autoruns: readonly Autorun[]) => Promise<boolean>) | null,
): Promise<T> {
  try {
    return await act([]);
  } catch (error) {
    if (!(error instanceof AutorunNotAllowed) || ask === null) throw error;
    if (!(await ask(error.autoruns))) throw error;
    return act(error.autoruns);
  }
}

/** Asks at the terminal; null where there is none, or one document of JSON is wanted. */
export function askingAt({
  screen,
  globals,
  signal,
}: Pick<CommandContext, 'screen' | 'globals' | 'signal'>): Parameters<typeof withPermission>[1] {
  if (!screen.interactive || globals.json) return null;
  return async (autoruns) => {
    const { createPrompts } = await import('./interactive/prompts.ts');
    return confirmed(
      autoruns,
      (line) => screen.stderr.write(`${line}\n`),
      createPrompts(screen, signal),
    );
  };
}

/** Lists them and asks; no is what Enter says. */
export function confirmed(
  autoruns: readonly Autorun[],
  say: (line: string) => unknown,
  prompts: Pick<Prompts, 'confirm'>,
): Promise<boolean> {
  for (const line of autorunLines(autoruns)) say(line);
  return prompts.confirm(
    `Nobody asked for ${counted(autoruns.length, 'such change')}. Allow it?`,
    false,
  );
}
