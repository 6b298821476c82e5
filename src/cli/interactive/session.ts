import { BlueprintError, InterruptedError } from '../../domain/errors.ts';
import type { Caller, Program } from '../../use-cases/program.ts';
import type { CommandContext } from '../command.ts';
import { diagnosticText } from '../report-error.ts';
import { createLiveView } from '../views/live.ts';
import { holdKeyboard } from './keyboard.ts';
import { showText } from './pager.ts';
import { createPrompts, QuestionLeft, type Prompts } from './prompts.ts';

/** What every menu of the runner works with. */
export interface RunnerSession {
  readonly program: Program;
  readonly context: CommandContext;
  readonly prompts: Prompts;
  /** What was asked for; not progress, so `--quiet` leaves it. */
  say(text: string): void;
  /** Text that may be longer than the screen: in the user's pager then. */
  page(text: string): Promise<void>;
  /** Shows a fault that the user can mend, and goes on, as from a question that was left. @throws what is no such fault, or ends the program */
  tell(error: unknown): void;
  /**
   * Does work that streams. Ctrl-C stops it and comes back; once more, and it ends the program.
   * @returns null when it was stopped
   */
  stoppable<T>(work: (caller: LiveCaller) => Promise<T>): Promise<T | null>;
}

/** Who calls work that streams. */
export interface LiveCaller extends Caller {
  /** Clears the screen and the keyboard for questions in the middle of the work. */
  aside<T>(talk: () => Promise<T>): Promise<T>;
}

export async function createSession(context: CommandContext): Promise<RunnerSession> {
  const { screen } = context;
  const { paint } = screen;
  const say = (text: string): void => screen.out(text);
  return {
    program: await context.program(),
    context,
    prompts: createPrompts(screen, context.signal),
    say,
    page: (text) => showText(text, context),
    tell(error) {
      // What was asked for is not done, and the menu is shown again.
      if (error instanceof QuestionLeft) return;
      if (error instanceof InterruptedError || !(error instanceof BlueprintError)) throw error;
      for (const diagnostic of [error.toJSON(), ...error.others])
        say(paint.red(diagnosticText(diagnostic)));
    },
    async stoppable(work) {
      const stop = new AbortController();
      const view = createLiveView(screen);
      const release = context.onInterrupt(() => {
        view.note(
          paint.yellow('Stopping; what is finished is kept. Ctrl-C again ends the program.'),
        );
        stop.abort();
      });
      let letGo = holdKeyboard(screen.stdin, process);
      const aside = async <T>(talk: () => Promise<T>): Promise<T> => {
        view.close();
        letGo();
        const answer = await talk();
        letGo = holdKeyboard(screen.stdin, process);
        return answer;
      };
      view.note(paint.dim('Ctrl-C stops this and comes back to the menu.'));
      try {
        const signal = AbortSignal.any([context.signal, stop.signal]);
        return await work({ signal, listen: view.listen, aside });
      } catch (error) {
        const stopped = error instanceof InterruptedError && stop.signal.aborted;
        if (!stopped || context.signal.aborted) throw error;
        return null;
      } finally {
        release();
        letGo();
        view.close();
      }
    },
  };
}
