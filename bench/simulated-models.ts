import { scoreNames } from '../src/domain/review.ts';
import { noUsage } from '../src/domain/usage.ts';
import type { LanguageModel, ModelRequest, ModelRouter } from '../src/models/language-model.ts';
import {
  criteria,
  isRight,
  statesIn,
  testText,
  workOf,
  workPath,
  type State,
  type TestKind,
} from './simulated-project.ts';

/** How often simulated models do well, or err, each from 0 to 1. */
export interface ModelRates {
  /** An author's first work is right. */
  readonly p: number;
  /** A test that a model writes is right. */
  readonly v: number;
  /** Whoever judges errs: reviewers, second readers, readers of criteria, judges and parties of disputes. */
  readonly q: number;
}

/** A correction makes right what it is to mend. */
const mends = 0.5;
/** A correction of right work, asked for by a reviewer who errs, makes it wrong. */
const breaks = 0.2;
/** A finding comes with a test. */
const proves = 0.5;

interface World {
  readonly router: ModelRouter;
  /** Calls by stage. */
  readonly calls: Readonly<Record<string, number>>;
}

/** Models of five families, which all err alike. */
export function simulatedModels({ p, v, q }: ModelRates, random: () => number): World {
  const calls: Record<string, number> = {};
  let made = 0;
  const firstIsRight = random() < p;
  const faulty = Math.floor(random() * criteria.length);
  let current = '';
  const errs = (): boolean => random() < q;
  const states = (): State[] => statesIn(current);
  const stateOf = (criterion: string): State =>
    states()[criteria.findIndex((one) => one === criterion)] ?? 'wrong';
  const write = (all: readonly State[], notes = ''): object => {
    current = workOf(all, ++made);
    return bundle([{ path: workPath, content: current }], notes);
  };

  const answers: Readonly<Record<string, (request: ModelRequest) => object>> = {
    execute: () =>
      write(criteria.map((_, at) => (firstIsRight || at !== faulty ? 'right' : 'wrong'))),

    acceptance: () => ({
      uses: [],
      criteria: criteria.map((id) => {
        const path = `test/${id.toLowerCase().replace('.', '-')}.test.js`;
        const content = testText(id, random() < v ? 'right' : oneOf('strict', 'loose', 'already'));
        return { id, held: 'test', why: 'calls it', path, content };
      }),
    }),

    review() {
      const isSound = isRight(current);
      const refuses = isSound === errs();
      const about = isSound
        ? oneOf(...criteria)
        : (criteria.find((id) => stateOf(id) !== 'right') ?? criteria[0]);
      return {
        verdict: refuses ? 'revise' : 'accept',
        summary: '',
        scores: Object.fromEntries(scoreNames.map((name) => [name, 1])),
        findings: refuses ? [finding(about)] : [],
      };
    },

    'second-read': ({ parts }) => ({
      findings: [...(parts.at(-1)?.text ?? '').matchAll(/^(F\d+) .* cites (R1\.\d):/gm)].map(
        ([, id = '', criterion = '']) => {
          const holds = (stateOf(criterion) !== 'right') !== errs();
          const reasons = `${workPath}:1 shows it`;
          return { id, verdict: holds ? 'holds' : 'refuted', reasons };
        },
      ),
    }),

    criteria: () => ({
      criteria: criteria.map((id) => {
        const met = (stateOf(id) === 'right') !== errs() ? 'yes' : 'no';
        return { id, seen: `${workPath}:1`, met };
      }),
    }),

    dispute({ parts }) {
      const asked = parts.at(-1)?.text ?? '';
      return {
        tests: criteria.flatMap((id) => {
          const kind = new RegExp(`'${id} (\\w+)'`).exec(asked)?.[1];
          if (kind === undefined) return [];
          const right = (kind === 'strict') === errs() ? 'test' : 'work';
          return [{ id, reasons: 'By the criterion.', right }];
        }),
      };
    },

    correct({ parts }) {
      const asked = parts.map(({ text }) => text).join('\n');
      const now = states();
      const disputes: string[] = [];
      for (const [at, id] of criteria.entries()) {
        const failed = new RegExp(`${id} (\\w+) failed`).exec(asked)?.[1];
        const isDecided = asked.includes(`${id} ${failed ?? ''} failed\nThis test was disputed`);
        if (failed !== undefined && !isDecided && (failed === 'strict') !== errs())
          disputes.push(`Dispute ${id}: it asks for something else`);
        else if (failed === 'strict') now[at] = random() < mends ? 'bent' : (now[at] ?? 'wrong');
        else if (failed !== undefined || asked.includes(`${id} is missed`))
          now[at] = corrected(now[at] ?? 'wrong');
      }
      const notes = disputes.join('\n');
      const isSame = now.every((state, at) => state === states()[at]);
      return isSame && notes !== ''
        ? bundle([{ path: workPath, content: current }], notes)
        : write(now, notes);
    },
  };

  return { calls, router: routerOf(answer) };

  function answer(request: ModelRequest): string {
    const { stage } = request.purpose;
    calls[stage] = (calls[stage] ?? 0) + 1;
    const asked = answers[stage];
    if (asked === undefined) throw new Error(`Nobody simulates the stage ${stage}`);
    return JSON.stringify(asked(request));
  }

  function corrected(state: State): State {
    if (state === 'right') return random() < breaks ? 'wrong' : state;
    return random() < mends ? 'right' : state;
  }

  function finding(cites: string): object {
    const kind: TestKind = random() < v ? 'right' : oneOf('contrary', 'broken');
    const test = { path: `test/found-${made}.test.js`, content: testText(cites, kind) };
    return {
      category: 'correctness',
      severity: 'major',
      location: `${workPath}:${criteria.findIndex((id) => id === cites) + 1}`,
      evidence: `${cites} is missed`,
      fixHint: '',
      cites,
      earlier: null,
      test: random() < proves ? test : null,
    };
  }

  function oneOf<T>(...all: [T, ...T[]]): T {
    return all[Math.floor(random() * all.length)] ?? all[0];
  }
}

function bundle(files: readonly object[], notes: string): object {
  return { files, edits: [], deletions: [], tests: [], commands: [], notes };
}

const preferred: Readonly<Record<string, string>> = {
  coder: 'one',
  verifier: 'two',
  judge: 'three',
  reviewer: 'four',
  critic: 'five',
};

function routerOf(answer: (request: ModelRequest) => string): ModelRouter {
  return {
    decide(role, { avoidModels = [] } = {}) {
      const names = [preferred[role] ?? 'one', ...Object.values(preferred)].map(
        (name) => `${name}/x`,
      );
      const chosen = names.find((name) => !avoidModels.includes(name)) ?? 'one/x';
      return { role, chosen, reason: '', passedOver: [], fallbacks: [] };
    },
    model: ({ chosen }) => modelOf(chosen, answer),
  };
}

function modelOf(chosen: string, answer: (request: ModelRequest) => string): LanguageModel {
  const [provider = ''] = chosen.split('/');
  const identity = { ref: { provider, model: 'x' }, family: provider };
  return {
    identity,
    async generate(request) {
      const none = { usage: noUsage, servedBy: 'x', warnings: [] };
      const text = answer(request);
      return { text, finishReason: 'stop', rawFinishReason: 'stop', identity, ...none };
    },
  };
}
