import type { ModelRouter } from '../../src/models/language-model.ts';
import type { StepFiles } from '../../src/supervisor/steps.ts';
import type { Work } from '../../src/supervisor/work.ts';
import { task } from '../state/fixtures.ts';

/** Work on the task T1 of the feature f, by models of the router. */
export function workOver(router: ModelRouter, more: Partial<Work> = {}): Work {
  return {
    task: task('T1'),
    context: [{ role: 'user', name: 'task', text: '# The task' }],
    base: async () => null,
    codec: 'fenced',
    // As most tests are about something else; those about what counts say so.
    findings: { mode: 'any', citable: [] },
    limits: { maxOutputTokens: 1_000 },
    salt: undefined,
    purpose: { stage: 'execute', feature: 'f', task: 'T1', attempt: 1, round: 1 },
    router,
    emit: () => undefined,
    signal: new AbortController().signal,
    ...more,
  };
}

/** Files of an attempt, by name. */
export function filesIn(written: Map<string, string>): StepFiles {
  return {
    read: async (name) => written.get(name) ?? null,
    write: async (name, text) => void written.set(name, text),
  };
}
