import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { Requirement, Task } from '../domain/task.ts';
import type { MessagePart } from '../models/language-model.ts';
import type { StrategyInput } from '../strategies/strategy.ts';
import { checksOf } from '../supervisor/checks.ts';
import { filesBelow, type StepFiles } from '../supervisor/steps.ts';
import { findingRules } from '../supervisor/counting/citable.ts';
import { contextOf } from '../supervisor/work.ts';
import type { Session } from './program.ts';

/** What a strategy is given for work that belongs to no feature. */
export async function adHocWork(
  session: Session,
  { executor, supervisor }: Pick<ResolvedConfig, 'executor' | 'supervisor'>,
  about: {
    readonly task: Task;
    readonly stage: string;
    /** Calls and events are for the task; null: they are for none. */
    readonly of: string | null;
    readonly prompt: readonly MessagePart[];
    /** Those that the task serves. */
    readonly requirements?: readonly Requirement[];
    /** What was asked for, as a person wrote it. */
    readonly words: string;
    readonly frozen?: ReadonlyMap<string, string>;
    /** Of the session's: where steps and checks are kept; all of it when absent. */
    readonly folder?: string;
  },
): Promise<StrategyInput> {
  const { task, stage, prompt, words, requirements = [], frozen = new Map(), folder } = about;
  const { name, emit, signal } = session;
  const base = (await session.workspace()).project();
  const all = filesOf(session);
  const files = folder === undefined ? all : filesBelow(all, folder);
  return {
    work: {
      task,
      context: contextOf(prompt),
      base: (path) => base.read(path),
      listBase: async () => (await base.look(signal)).files,
      codec: executor.codec,
      findings: findingRules(supervisor.findings, task, requirements),
      limits: { maxOutputTokens: executor.maxOutputTokens },
      salt: undefined,
      purpose: { stage, feature: name, task: about.of, attempt: 1, round: 1 },
      router: await session.router(),
      emit,
      signal,
    },
    role: 'coder',
    prompt,
    checks: checksOf(await session.gates(), { task, words, base, frozen, forPerson: true }, files),
    files,
  };
}

/** The readable files of a work folder. */
export function filesOf({ name, artefacts }: Pick<Session, 'name' | 'artefacts'>): StepFiles {
  return {
    read: (path) => artefacts.read(name, path),
    write: (path, text) => artefacts.write(name, path, text),
  };
}
