import type { CommandContext } from '../command.ts';

/**
 * Prints text, through the user's pager (PAGER, else less) where it has more lines than the screen: what
 * scrolls away before a menu is drawn below it is hard to find again.
 */
export async function showText(
  text: string,
  { screen, env, signal }: Pick<CommandContext, 'screen' | 'env' | 'signal'>,
): Promise<void> {
  const pager = env['PAGER'] ?? 'less';
  if (text.split('\n').length < screen.rows || pager === '' || pager === 'cat')
    return screen.out(text);
  const { execa } = await import('execa');
  const shown = await execa(pager, {
    shell: true,
    input: text,
    stdout: 'inherit',
    stderr: 'ignore',
    // Colours as they are; what was shown stays on the screen when it is left.
    env: { ...env, LESS: env['LESS'] ?? 'RX' },
    reject: false,
    cancelSignal: signal,
  });
  // There is none, or it does not run.
  if (shown.exitCode === 126 || shown.exitCode === 127) screen.out(text);
}
