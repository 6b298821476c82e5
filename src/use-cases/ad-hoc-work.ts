import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { Task } from '../domain/task.ts';
import type { MessagePart } from '../models/language-model.ts';
import type { StrategyInput } from '../strategies/strategy.ts';
import { checksOf } from '../supervisor/checks.ts';
import { filesBelow } from '../supervisor/steps.ts';
import { contextOf } from '../supervisor/work.ts';
import type { AdHoc } from './ad-hoc.ts';

/** What a strategy is given for work that belongs to no feature. */
export function adHocWork(
  session: AdHoc,
  { executor }: Pick<ResolvedConfig, 'executor'>,
  about: {
    readonly task: Task;
    readonly stage: string;
    /** Calls and events are for the task; null: they are for none. */
    readonly of: string | null;
    readonly prompt: readonly MessagePart[];
    readonly signal: AbortSignal;
    readonly frozen?: ReadonlyMap<string, string>;
    /** Of the session's: where steps and checks are kept; all of it when absent. */
    readonly folder?: string;
  },
): StrategyInput {
  const { task, stage, prompt, signal, frozen = new Map(), folder } = about;
  const base = session.base();
  const all = { read: session.read, write: session.write };
  const files = folder === undefined ? all : filesBelow(all, folder);
  return {
    work: {
      task,
      context: contextOf(prompt),
      base: (path) => base.read(path),
      codec: executor.codec,
      limits: { maxOutputTokens: executor.maxOutputTokens },
      salt: undefined,
      purpose: { stage, feature: session.id, task: about.of, attempt: 1, round: 1 },
      router: session.router,
      emit: session.emit,
      signal,
    },
    role: 'coder',
    prompt,
    checks: checksOf(session, { task, base, frozen }, files),
    files,
  };
}
