import inquirer from 'inquirer';
import { InterruptedError } from '../../domain/errors.ts';
import type { Screen } from '../screen.ts';

export interface Choice<T> {
  readonly name: string;
  readonly value: T;
}

/** Questions at a terminal. Ctrl-C, or the signal, ends them as InterruptedError. */
export interface Prompts {
  select<T>(message: string, choices: readonly Choice<T>[]): Promise<T>;
  /** Null when nothing was typed. */
  input(message: string, preset?: string): Promise<string | null>;
  /** A text of several lines, in the user's editor. */
  editor(message: string, preset?: string): Promise<string>;
  confirm(message: string, preset: boolean): Promise<boolean>;
}

export function createPrompts(screen: Screen, signal: AbortSignal): Prompts {
  const prompt = inquirer.createPromptModule({
    input: screen.stdin,
    // Stdout is for results; what is asked belongs with the progress.
    output: screen.stderr,
    signal,
  });
  const ask = async <T>(question: object): Promise<T> => {
    try {
      const { answer } = (await prompt([{ ...question, name: 'answer' }] as never)) as {
        answer: T;
      };
      return answer;
    } catch (error) {
      if (error instanceof Error && /^(ExitPrompt|AbortPrompt|CancelPrompt)Error$/.test(error.name))
        throw new InterruptedError('Ended at a question.');
      throw error;
    }
  };
  return {
    select: (message, choices) =>
      ask({ type: 'select', message, choices, pageSize: 14, loop: false }),
    async input(message, preset) {
      const text = await ask<string>({
        type: 'input',
        message,
        ...(preset !== undefined && { default: preset }),
      });
      return text.trim() === '' ? null : text.trim();
    },
    editor: (message, preset = '') =>
      ask({ type: 'editor', message, default: preset, postfix: '.md', waitForUserInput: false }),
    confirm: (message, preset) => ask({ type: 'confirm', message, default: preset }),
  };
}
