import { resolve } from 'node:path';
import type { App } from './app.ts';
import type { ConfigFlags } from './config/config-flags.ts';
import type { RunEvent } from './domain/event.ts';
import type * as Public from './library/public.ts';

export { BlueprintError } from './domain/errors.ts';

/** Blueprint from code: see docs/library.md. */
export const createBlueprint: typeof Public.createBlueprint = (options) => {
  const { onEvent } = options;
  const cwd = resolve(options.cwd);
  const signal = options.signal ?? new AbortController().signal;
  const listen = onEvent === undefined ? undefined : (event: RunEvent): void => onEvent(event);

  /** Composed anew for each call: settings may have changed, and each has its own budget. */
  const app = async (flags: ConfigFlags): Promise<App> => {
    const { createApp } = await import('./app.ts');
    return createApp({
      cwd,
      env: { ...(options.env ?? process.env) },
      flags: { ...flags, ...(options.config !== undefined && { config: options.config }) },
      now: () => new Date(),
      signal,
      warn: (message) => options.onWarning?.(message),
    });
  };

  return {
    async ask(task, { mode, models, context, timeoutMs, retries, budget, out } = {}) {
      const program = await app(budget === undefined ? {} : { budget });
      const question = await program.briefText(Buffer.from(task), 'that was given');
      const { files } = await program.contextFiles({ globs: context ?? [], from: cwd });
      return program.ask(
        {
          question,
          mode: mode ?? null,
          models: models ?? [],
          context: files,
          timeoutMs: timeoutMs ?? null,
          retries: retries ?? null,
          out: out === undefined ? null : resolve(cwd, out),
        },
        listen,
      );
    },

    async run(feature, { tasks, concurrency, failFast, mode, strategy, budget } = {}) {
      const program = await app({
        ...(mode !== undefined && { mode }),
        ...(strategy !== undefined && { strategy }),
        ...(concurrency !== undefined && { concurrency }),
        ...(budget !== undefined && { budget }),
      });
      const { document, exitCode, settled, unavailable, cost } = await program.run(
        feature,
        {
          selection: { tasks: [...(tasks ?? [])], types: [] },
          concurrency: program.config.executor.concurrency,
          failFast: failFast ?? false,
        },
        listen,
      );
      return { exitCode, settled, unavailable, tasks: document.tasks, cost };
    },

    async tournament({ spec, context, tests, testCommand, out, budget, ...wanted }) {
      const program = await app({
        ...(testCommand !== undefined && { testCommand }),
        ...(budget !== undefined && { budget }),
      });
      const brief = await program.briefText(Buffer.from(spec), 'that was given');
      const globs = [...(context ?? [])];
      const { slug, files } = await program.planInput({ brief, name: undefined, globs, from: cwd });
      return program.tournament(
        {
          ...wanted,
          spec: brief,
          name: slug,
          context: files,
          tests: tests === undefined ? undefined : resolve(cwd, tests),
          testCommand: testCommand !== undefined,
          out: out === undefined ? undefined : resolve(cwd, out),
        },
        listen,
      );
    },

    async route(task, { mode, models } = {}) {
      const program = await app({});
      return program.ensemblePlan(task, { mode: mode ?? null, models: models ?? [] });
    },
  };
};
