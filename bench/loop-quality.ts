import type { GateResult } from '../src/domain/gate-result.ts';
import { scoreNames } from '../src/domain/review.ts';
import { noUsage } from '../src/domain/usage.ts';
import type { LanguageModel, ModelIdentity } from '../src/models/language-model.ts';
import { supervise } from '../src/supervisor/supervise.ts';
import { sequence } from './sequence.ts';
import { simulatedWork } from './simulated-call.ts';

/** How often simulated models err, each from 0 to 1. */
interface Rates {
  /** An author's first work is right. */
  readonly right: number;
  /** A correction of wrong work makes it right. */
  readonly mends: number;
  /** A correction of right work, asked for by a reviewer who errs, makes it wrong. */
  readonly breaks: number;
  /** A reviewer finds what blocks in right work, and nothing in wrong work. */
  readonly errs: number;
}

/** Shares of all simulated tasks, from 0 to 1. */
export interface LoopQuality extends Rates {
  /** What the loop hands on is right, approved or for a person. */
  readonly delivered: number;
  /** Some revision that the same calls made is right. */
  readonly possible: number;
  readonly approved: number;
  /** Approved, and wrong. */
  readonly falseApproval: number;
  /** Reviews of a task. */
  readonly reviews: number;
}

const rates: readonly Rates[] = [0.3, 0.6, 0.9].flatMap((right) =>
  [0.1, 0.3].flatMap((errs) => [0.2, 0.6].map((breaks) => ({ right, mends: 0.5, breaks, errs }))),
);

/** The supervisor's own loop on tasks whose tests tell right from wrong, with models that err. */
export async function loopQuality(tasks: number): Promise<LoopQuality[]> {
  const rows: LoopQuality[] = [];
  for (const of of rates) {
    const random = sequence();
    const sum = { delivered: 0, possible: 0, approved: 0, falseApproval: 0, reviews: 0 };
    for (let index = 0; index < tasks; index++) {
      const { approved, isRight, hadRight, reviews } = await simulate(of, random);
      sum.delivered += Number(isRight);
      sum.possible += Number(hadRight);
      sum.approved += Number(approved);
      sum.falseApproval += Number(approved && !isRight);
      sum.reviews += reviews;
    }
    const share = Object.fromEntries(
      Object.entries(sum).map(([name, count]) => [name, count / tasks]),
    ) as typeof sum;
    rows.push({ ...of, ...share });
  }
  return rows;
}

async function simulate(
  { right, mends, breaks, errs }: Rates,
  random: () => number,
): Promise<{ approved: boolean; isRight: boolean; hadRight: boolean; reviews: number }> {
  let made = 0;
  let reviews = 0;
  let hadRight = false;
  const write = (isRight: boolean): string => {
    hadRight ||= isRight;
    return `${isRight ? 'right' : 'wrong'} ${++made}\n`;
  };
  const isRight = (text: string | null | undefined): boolean => text?.startsWith('right') === true;
  let current = write(random() < right);
  const first = current;
  const model = (provider: string): LanguageModel => {
    const identity: ModelIdentity = { ref: { provider, model: 'one' }, family: provider };
    return {
      identity,
      async generate({ purpose }) {
        const text = purpose.stage === 'review' ? review() : correction();
        const none = { usage: noUsage, servedBy: 'one', warnings: [] };
        return { text, finishReason: 'stop', rawFinishReason: 'stop', identity, ...none };
      },
    };
  };
  const review = (): string => {
    reviews += 1;
    const refuses = isRight(current) === random() < errs;
    const found = { category: 'correctness', severity: 'major', location: 'a.js:1', fixHint: '' };
    return JSON.stringify({
      verdict: refuses ? 'revise' : 'accept',
      summary: '',
      scores: Object.fromEntries(scoreNames.map((name) => [name, 1])),
      findings: refuses ? [{ ...found, evidence: `Wrong in work ${made}.` }] : [],
    });
  };
  const correction = (): string => {
    current = write(isRight(current) ? random() >= breaks : random() < mends);
    return `FILE: a.js\n\`\`\`\`\n${current}\`\`\`\`\n`;
  };
  const models = new Map(['author', 'reviewer'].map((name) => [`${name}/one`, model(name)]));
  const named = (name: string): LanguageModel => {
    const found = models.get(name);
    if (found === undefined) throw new Error(`There is no model ${name}`);
    return found;
  };
  const tests = (text: string | null | undefined): GateResult[] => [
    {
      gate: 'tests',
      status: isRight(text) ? 'passed' : 'failed',
      summary: isRight(text) ? '1 test passed' : `1 test failed on ${String(text)}`,
      findings: [],
      durationMs: 0,
    },
  ];
  const work = simulatedWork(100, {
    decide: (role, need) => {
      const others = [...models.keys()].filter(
        (name) => need?.avoidModels?.includes(name) !== true,
      );
      const chosen = others[0] ?? 'author/one';
      return { role, chosen, reason: '', passedOver: [], fallbacks: [] };
    },
    model: ({ chosen }) => named(chosen),
  });
  const done = await supervise(work, {
    candidate: {
      bundle: {
        files: [{ path: 'a.js', content: first }],
        edits: [],
        deletions: [],
        tests: [],
        commands: [],
        notes: '',
      },
      changes: new Map([['a.js', first]]),
      author: named('author/one').identity,
    },
    feedback: null,
    check: async ({ changes }) => ({ gates: tests(changes.get('a.js')), recorded: false }),
    verify: async ({ changes }) => tests(changes.get('a.js')),
    blockingGates: new Set(['tests']),
    maxIterations: 3,
    files: { read: async () => null, write: async () => undefined },
    keep: async () => undefined,
  });
  const delivered = isRight(done.candidate.changes.get('a.js'));
  return { approved: done.approved, isRight: delivered, hadRight, reviews };
}
