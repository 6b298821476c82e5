import inquirer from 'inquirer';
import { InterruptedError } from '../../domain/errors.ts';
import type { Screen } from '../screen.ts';
import { inOneLine } from '../views/cells.ts';
import { listPrompt, type Choice, type PromptTerminal } from './list-prompt.ts';
import { textPrompt } from './text-prompt.ts';

/** The person left a question by Ctrl-C or Escape: a menu goes back one step, a command ends. */
export class QuestionLeft extends InterruptedError {}

/**
 * Questions at a terminal. Ctrl-C leaves one as `QuestionLeft`, Escape a text too where it loses nothing;
 * Ctrl-D, the terminal's end or the signal end all as InterruptedError.
 */
export interface Prompts {
  /** `back` is what Escape and Ctrl-C give; without it Escape does nothing. */
  select<T>(message: string, choices: readonly Choice<T>[], options?: SelectOptions<T>): Promise<T>;
  /** Null when nothing was said. */
  text(message: string, options?: TextOptions): Promise<string | null>;
  confirm(message: string, preset: boolean): Promise<boolean>;
}

export interface SelectOptions<T> {
  readonly back?: T;
  readonly initial?: T;
  /** There is nothing to go back to: Ctrl-C ends. */
  readonly top?: boolean;
}

export interface TextOptions {
  readonly preset?: string;
  readonly suggestion?: string;
  readonly lines?: boolean;
}

export function createPrompts(screen: Screen, signal: AbortSignal): Prompts {
  const { stdin, stderr, paint } = screen;
  const terminal: PromptTerminal = {
    columns: () => screen.liveColumns,
    rows: () => screen.rows,
    paint,
    write: (text) => void stderr.write(text),
    onResize: (listener) => {
      stderr.on('resize', listener);
      return () => stderr.off('resize', listener);
    },
  };
  // The prompts' own colours do not heed NO_COLOR on every Node.
  const theme = {
    prefix: { idle: paint.blue('?'), done: paint.green('✔') },
    style: {
      answer: paint.cyan,
      message: paint.bold,
      error: (text: string) => paint.red(`> ${text}`),
      defaultAnswer: (text: string) => paint.dim(`(${text})`),
      help: paint.dim,
      highlight: paint.cyan,
      key: paint.cyan,
    },
  };

  const ask = async <T>(question: object): Promise<T> => {
    const ended = new AbortController();
    const forget = onInputEnd(stdin, () => ended.abort());
    const module = inquirer.createPromptModule({
      input: stdin,
      // Stdout is for results; what is asked belongs with the progress.
      output: stderr,
      signal: AbortSignal.any([signal, ended.signal]),
    });
    module.registerPrompt('list', listPrompt as never);
    module.registerPrompt('text', textPrompt as never);
    try {
      const answers = await module([{ ...question, name: 'answer' }] as never);
      return (answers as { answer: T }).answer;
    } catch (error) {
      if (!(error instanceof Error && leaving.test(error.name))) throw error;
      const words = 'Ended at a question; what was finished is kept.';
      throw signal.aborted || ended.signal.aborted
        ? new InterruptedError(words)
        : new QuestionLeft(words);
    } finally {
      forget();
    }
  };

  return {
    async select<T>(
      message: string,
      choices: readonly Choice<T>[],
      options: SelectOptions<T> = {},
    ): Promise<T> {
      const initial = choices.findIndex(({ value }) => value === options.initial);
      const answer = ask<T>({
        type: 'list',
        message: inOneLine(message),
        choices,
        initial: Math.max(0, initial),
        escape: 'back' in options ? { value: options.back } : null,
        terminal,
      });
      if (options.top === true || !('back' in options)) return answer;
      const { back } = options;
      return answer.catch((error: unknown) => {
        if (error instanceof QuestionLeft) return back as T;
        throw error;
      });
    },
    async text(message, { preset = '', suggestion = '', lines = false } = {}) {
      const text = await ask<string | null>({
        type: 'text',
        message: inOneLine(message),
        preset,
        suggestion,
        lines,
        terminal,
      });
      if (text === null) throw new QuestionLeft('Left without an answer.');
      return text.trim() === '' ? null : text.trim();
    },
    confirm: (message, preset) =>
      ask({ type: 'confirm', message: inOneLine(message), default: preset, theme }),
  };
}

const leaving = /^(ExitPrompt|AbortPrompt|CancelPrompt)Error$/;

/** Calls back when no more can be typed: Ctrl-D on an empty line, or a terminal that is gone. */
function onInputEnd(stdin: NodeJS.ReadStream, ended: () => void): () => void {
  const onKey = (_text: unknown, key: { ctrl?: boolean; name?: string } | undefined): void => {
    // readline closes itself on it, which inquirer does not notice: it would wait for ever.
    if (key?.ctrl === true && key.name === 'd')
      setImmediate(() => {
        if (stdin.isPaused()) ended();
      });
  };
  stdin.on('keypress', onKey);
  stdin.on('end', ended);
  stdin.on('close', ended);
  return () => {
    stdin.off('keypress', onKey);
    stdin.off('end', ended);
    stdin.off('close', ended);
  };
}
