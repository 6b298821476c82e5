import { resolve } from 'node:path';
import type { ConfigFlags } from './config/config-flags.ts';
import type { RunEvent } from './domain/event.ts';
import type * as Public from './library/public.ts';
import type { Caller, Program } from './use-cases/program.ts';

export { BlueprintError } from './domain/errors.ts';

/** Blueprint from code: see docs/library.md. */
export const createBlueprint: typeof Public.createBlueprint = (options) => {
  const { onEvent } = options;
  const cwd = resolve(options.cwd);
  const caller: Caller = {
    signal: options.signal ?? new AbortController().signal,
    listen: onEvent === undefined ? undefined : (event: RunEvent): void => onEvent(event),
  };

  /** Put together anew for each call: settings may have changed, and each has its own budget. */
  const programWith = async (flags: ConfigFlags): Promise<Program> => {
    const { createProgram } = await import('./compose/program.ts');
    return createProgram({
      cwd,
      env: { ...(options.env ?? process.env) },
      flags: { ...flags, ...(options.config !== undefined && { config: options.config }) },
      now: () => new Date(),
      warn: (message) => options.onWarning?.(message),
    });
  };
  const textOf = async (text: string, program: Program): Promise<string> => {
    const { briefText } = await import('./use-cases/brief-text.ts');
    return briefText({ bytes: Buffer.from(text), source: 'that was given' }, program);
  };
  const filesOf = async (globs: readonly string[], program: Program) => {
    const { contextFiles } = await import('./use-cases/context-files.ts');
    return (await contextFiles({ globs }, program, caller)).files;
  };
  const below = (path: string | undefined) => (path === undefined ? undefined : resolve(cwd, path));

  return {
    async ask(task, { mode, models, context, timeoutMs, retries, budget, out } = {}) {
      const { ask } = await import('./use-cases/ask.ts');
      const program = await programWith(budget === undefined ? {} : { budget });
      const input = {
        question: await textOf(task, program),
        mode: mode ?? null,
        models: models ?? [],
        context: await filesOf(context ?? [], program),
        timeoutMs: timeoutMs ?? null,
        retries: retries ?? null,
        out: below(out) ?? null,
      };
      return ask(input, program, caller);
    },

    async run(feature, { tasks, concurrency, failFast, mode, strategy, budget } = {}) {
      const { run } = await import('./use-cases/run.ts');
      const program = await programWith({
        ...(mode !== undefined && { mode }),
        ...(strategy !== undefined && { strategy }),
        ...(concurrency !== undefined && { concurrency }),
        ...(budget !== undefined && { budget }),
      });
      const { document, ...outcome } = await run({ feature, tasks, failFast }, program, caller);
      return { ...outcome, tasks: document.tasks };
    },

    async tournament({ spec, context, tests, testCommand, out, budget, ...wanted }) {
      const { tournament } = await import('./use-cases/tournament.ts');
      const program = await programWith({
        ...(testCommand !== undefined && { testCommand }),
        ...(budget !== undefined && { budget }),
      });
      const input = {
        ...wanted,
        spec: await textOf(spec, program),
        context: await filesOf(context ?? [], program),
        tests: below(tests),
        testCommand: testCommand !== undefined,
        out: below(out),
      };
      return tournament(input, program, caller);
    },

    async route(question, { mode, models } = {}) {
      const { route } = await import('./use-cases/route.ts');
      const input = { question, mode: mode ?? null, models: models ?? [] };
      return route(input, await programWith({}), caller);
    },
  };
};
