import { taskSchema } from '../src/domain/task.ts';
import type { ModelRequest, ModelRouter } from '../src/models/language-model.ts';
import type { Work } from '../src/supervisor/work.ts';

/** A sentence of code-like words, a bit over 20 tokens. */
const sentence = 'The function parse(text, limits) returns a list of entries, or throws an error. ';

/** About so many tokens of text. */
export function text(tokens: number): string {
  return sentence.repeat(Math.ceil(tokens / 20));
}

/** A request that differs from all others by its number: instructions, context, and a task. */
export function simulatedRequest(number: number, contextTokens: number): ModelRequest {
  return {
    role: 'coder',
    purpose: { stage: 'execute', feature: 'bench', task: `T${number}`, attempt: 1, round: 1 },
    parts: [
      { role: 'system', name: 'instructions', text: text(500), cache: true },
      { role: 'user', name: 'spec', text: text(contextTokens), cache: true },
      { role: 'user', name: 'task', text: `Task ${number}: ${text(200)}` },
    ],
    maxOutputTokens: 8_000,
    signal: new AbortController().signal,
    onText: () => undefined,
  };
}

/** A task's work over a project without files, whose prompts have about so many tokens of context. */
export function simulatedWork(contextTokens: number, router: ModelRouter): Work {
  const { parts, purpose, signal } = simulatedRequest(0, contextTokens);
  return {
    task: taskSchema.parse({ id: 'T1', title: 'Simulated', type: 'code' }),
    context: parts,
    base: async () => null,
    codec: 'fenced',
    findings: { mode: 'any', citable: [] },
    limits: { maxOutputTokens: 8_000 },
    salt: undefined,
    purpose,
    router,
    emit: () => undefined,
    signal,
  };
}

/** From 0 to 1, by the name alone. */
export function share(name: string): number {
  let hash = 7;
  for (const letter of name) hash = (hash * 31 + letter.charCodeAt(0)) % 1_009;
  return hash / 1_009;
}
