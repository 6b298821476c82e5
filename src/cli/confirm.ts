import type { Screen } from './screen.ts';

/** Asks at the terminal; prompts load when one is wanted. @param byDefault what Enter says. */
export async function confirm(
  question: string,
  byDefault: boolean,
  screen: Screen,
  signal: AbortSignal,
): Promise<boolean> {
  const { createPrompts } = await import('./interactive/prompts.ts');
  return createPrompts(screen, signal).confirm(question, byDefault);
}
