import type { GateResult } from '../../../src/domain/gate-result.ts';
import { ModelError } from '../../../src/domain/model-error.ts';
import type { ModelRole } from '../../../src/domain/model-role.ts';
import type { FindingsMode } from '../../../src/domain/review.ts';
import { noUsage } from '../../../src/domain/usage.ts';
import type { LanguageModel, ModelRequest } from '../../../src/models/language-model.ts';
import type { TournamentInput } from '../../../src/strategies/tournament/run-tournament.ts';
import type { Critique } from '../../../src/supervisor/critics/critique.ts';
import type { StoredCall } from '../../../src/domain/stored-call.ts';
import { withCallStore } from '../../../src/models/middleware/call-store.ts';
import type { TournamentSettings } from '../../../src/domain/tournament-settings.ts';
import { recordEvents } from '../../helpers/record-events.ts';
import { filesIn, workOver } from '../../helpers/work.ts';
import { routerOver } from '../../models/fake-providers.ts';
import { now } from '../../state/fixtures.ts';

type Answer = string | object | Error;
/** Answers a request; a promise that never settles is a model that hangs. */
export type Answers = (request: ModelRequest) => Answer | Promise<Answer>;

/** A file as a reply would give it. */
export const file = (text: string, path = 'src/a.js'): string =>
  `FILE: ${path}\n\`\`\`\`\n${text}\n\`\`\`\`\n`;

const even = (value: number): Critique['scores'] => ({
  correctness: value,
  consistency: value,
  safety: value,
  efficiency: value,
  clarity: value,
});

/** A critic's reply; the label is taken from the prompt. */
export function critique(
  request: ModelRequest,
  value: number,
  more: Partial<Critique> & { blocks?: string } = {},
): Critique {
  const { blocks, ...rest } = more;
  const failures = blocks === undefined ? [] : [failure(blocks)];
  return {
    candidate: /Its label, to be given back as it is: (\S+)/.exec(textOf(request))?.[1] ?? '',
    verdict: failures.length > 0 ? 'revise' : 'accept',
    scores: even(value),
    failures,
    nextActions: [],
    ...rest,
  };
}

export const failure = (category: string): Critique['failures'][number] => ({
  category,
  evidence: `what is wrong in ${category}`,
  location: 'src/a.js:1',
  fixHint: `Mend the ${category}.`,
});

export const textOf = ({ parts }: ModelRequest): string => parts.map(({ text }) => text).join('\n');

/** The work in a critic's prompt. */
export const workIn = (request: ModelRequest): string =>
  request.parts.find(({ name }) => name === 'work')?.text ?? '';

const broke = (model: string): ModelError =>
  new ModelError({ kind: 'bad_request', model, message: 'the server refuses this' });
export const crash = broke('two/critic');

/**
 * The real router and call store over models that answer as the test says: `one` and `three` write, `two`
 * judges. Everything outlives a run, so that a second one is a resumed one.
 */
export function createWorld(given: {
  write: Answers;
  judge?: Answers;
  check?: (text: string) => GateResult[];
  settings?: Partial<TournamentSettings>;
  /** The judge of near ties: which of A and B. */
  pair?: Answers;
  writers?: number;
  findings?: FindingsMode;
  /** The second reader, of the models that write. */
  reader?: Answers;
  lists?: Partial<Record<ModelRole, readonly LanguageModel[]>>;
}) {
  const requests: ModelRequest[] = [];
  const { events, emit } = recordEvents();
  const files = new Map<string, string>();
  const calls = new Map<string, StoredCall>();
  const model = (provider: string, answers: Answers): LanguageModel => {
    const identity = { ref: { provider, model: 'm' }, family: provider };
    return {
      identity,
      async generate(request) {
        requests.push(request);
        const ended = new Promise<never>((_resolve, reject) => {
          request.signal.addEventListener('abort', () => reject(new Error('aborted')), {
            once: true,
          });
        });
        ended.catch(() => undefined);
        const answer = await Promise.race([answers(request), ended]);
        request.onActivity?.();
        if (answer instanceof Error) throw answer;
        return {
          text: typeof answer === 'string' ? answer : JSON.stringify(answer),
          finishReason: 'stop',
          rawFinishReason: 'stop',
          usage: { ...noUsage, input: 1_000, output: 100 },
          identity,
          servedBy: 'm',
          warnings: [],
        };
      },
    };
  };
  const judges = given.judge ?? ((request: ModelRequest) => critique(request, 0.9));
  const pair = given.pair ?? (() => ({ reasons: 'even', better: 'tie' }));
  const reader = given.reader ?? (() => ({ findings: [] }));
  const write: Answers = (request) =>
    request.purpose.stage === 'second-read' ? reader(request) : given.write(request);
  const one = model('one', write);
  const three = model('three', write);
  const two = model('two', (request) =>
    request.role === 'judge' ? pair(request) : judges(request),
  );
  const coder = (given.writers ?? 2) === 2 ? [one, three] : [one];
  const critic = { charter: 'Look.', weight: 1, blocking: ['syntax', 'test', 'contract'] };
  const settings: TournamentSettings = {
    k: 3,
    loops: 2,
    critics: ['first', 'second', 'third'].map((name) => ({ name, ...critic })),
    quorum: null,
    weights: { correctness: 0.5, consistency: 0.2, safety: 0.2, efficiency: 0.05, clarity: 0.05 },
    pessimistic: ['correctness', 'consistency', 'safety'],
    margin: 0.02,
    earlyStop: false,
    deadlineMs: 60_000,
    mustPass: [],
    ...given.settings,
  };
  return {
    requests,
    events,
    files,
    calls,
    asked: (stage: string): ModelRequest[] =>
      requests.filter(({ purpose }) => purpose.stage === stage),

    input(more: Partial<TournamentInput> = {}): TournamentInput {
      const router = routerOver(
        [one, two, three],
        { coder, critic: [two], judge: [two], synthesizer: [one], ...given.lists },
        {
          emit,
          wrap: (each) =>
            withCallStore(each, {
              store: {
                prepare: async () => undefined,
                read: async (hash) => calls.get(hash) ?? null,
                write: async (hash, call) => void calls.set(hash, call),
                forget: async (hash) => void calls.delete(hash),
              },
              emit,
              now,
              asSent: (text) => text,
            }),
          missing: [],
        },
      );
      const work = workOver(router, {
        context: [{ role: 'user', name: 'task', text: 'The task.' }],
        emit,
        findings: { mode: given.findings ?? 'any', citable: [{ id: 'R1', text: 'It works' }] },
      });
      return {
        work,
        role: 'coder',
        prompt: [{ role: 'system', name: 'instructions', text: 'Write it.' }, ...work.context],
        checks: {
          blocking: new Set(['paths', 'syntax', 'tests']),
          run: async ({ changes }) =>
            given.check?.([...changes.values()].join('\n')) ?? [result('paths', 'passed')],
        },
        files: filesIn(files),
        settings,
        priceOf: () => ({ input: 1, output: 10 }),
        ...more,
      };
    },
  };
}

export function result(
  gate: string,
  status: GateResult['status'],
  evidence = `${gate} says so`,
): GateResult {
  const finding = {
    category: 'test',
    severity: 'blocker' as const,
    evidence,
    location: null,
    fixHint: `Mend what ${gate} found.`,
  };
  return {
    gate,
    status,
    summary: `${gate} ${status}`,
    findings: status === 'failed' ? [finding] : [],
    durationMs: 1,
  };
}

/** What is ready to go on does so. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}
