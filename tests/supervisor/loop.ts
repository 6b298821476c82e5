import type { Candidate } from '../../src/domain/candidate.ts';
import type { RunEventBody } from '../../src/domain/event.ts';
import type { GateResult, GateStatus } from '../../src/domain/gate-result.ts';
import type { Finding, FindingsMode, Review } from '../../src/domain/review.ts';
import type { LanguageModel } from '../../src/models/language-model.ts';
import type { TryTests } from '../../src/supervisor/counting/proving-tests.ts';
import { supervise } from '../../src/supervisor/supervise.ts';
import type { RoundRecord, Supervision } from '../../src/supervisor/supervision.ts';
import { fakeModel, type FakeModel, type FakeReply } from '../helpers/fake-model.ts';
import { filesIn, workOver } from '../helpers/work.ts';
import { routerOver } from '../models/fake-providers.ts';

/** What findings can cite. */
const citable = [
  { id: 'R1', text: 'It works' },
  { id: 'R1.1', text: 'It is seen to work' },
  { id: 'T1.1', text: 'a.js is written' },
];

export function finding(more: Partial<Finding> = {}): Finding {
  return {
    category: 'correctness',
    severity: 'major',
    evidence: 'It is wrong.',
    location: 'a.js:1',
    fixHint: 'Make it right.',
    ...more,
  };
}

export function review(findings: Finding[], more: Partial<Review> = {}): Review {
  return {
    verdict: findings.length === 0 ? 'accept' : 'revise',
    summary: findings.length === 0 ? 'Sound.' : 'Not yet.',
    scores: { correctness: 1, consistency: 1, safety: 1, efficiency: 1, clarity: 1 },
    findings,
    ...more,
  };
}

export const file = (content: string, path = 'a.js'): string =>
  `FILE: ${path}\n\`\`\`\`\n${content}\n\`\`\`\`\n`;

export function gate(status: GateStatus, more: Partial<GateResult> = {}): GateResult {
  return {
    gate: 'syntax',
    status,
    summary: `syntax ${status}`,
    findings: [],
    durationMs: 1,
    ...more,
  };
}

export interface Setup {
  /** Replies by model (`author`, `reviewer`, `third`) and stage. */
  readonly replies: Partial<Record<'author' | 'reviewer' | 'third', Record<string, FakeReply[]>>>;
  /** Results by check, the last one for all further ones. */
  readonly gates?: GateResult[][];
  /** The first check of each work was an earlier process's. */
  readonly recorded?: boolean;
  readonly feedback?: string;
  readonly content?: string;
  readonly maxIterations?: number;
  readonly rules?: boolean;
  readonly reviewers?: 'rules' | 'same family' | 'none';
  /** The role's list names the reviewer alone, and there is no third model. */
  readonly only?: 'two';
  readonly codec?: 'fenced' | 'json';
  readonly base?: Record<string, string>;
  readonly signal?: AbortSignal;
  readonly onCheck?: () => void;
  readonly findings?: FindingsMode;
  readonly tryTests?: TryTests;
  /** Remembered steps, by name. */
  readonly files?: Map<string, string>;
}

/** The supervisor’s loop over a work of one file, with models that follow scripts. */
export function setup(given: Setup) {
  const author = fakeModel(given.replies.author ?? {}, {
    ref: given.rules === true ? 'offline/planner' : 'one/author',
    family: 'one',
  });
  const reviewer = fakeModel(given.replies.reviewer ?? {}, {
    ref: given.reviewers === 'rules' ? 'offline/planner' : 'two/reviewer',
    family: given.reviewers === 'same family' ? 'one' : 'two',
  });
  const third = fakeModel(given.replies.third ?? {}, { ref: 'three/third', family: 'three' });
  const events: RunEventBody[] = [];
  const kept: { round: number; made: RoundRecord }[] = [];
  const checked: Candidate[] = [];
  const models = [author, reviewer, third];
  const missing = given.reviewers === 'none' ? [reviewer] : [];
  // The author's model is listed first as a reviewer, so that the other family has to be looked for.
  const reviewers: LanguageModel[] =
    given.reviewers === undefined && given.only === undefined
      ? [author, reviewer, third]
      : [reviewer];
  const coders = given.only === undefined ? [author, third] : [author];
  const content = given.content ?? 'first';
  const checkNow = (candidate: Candidate): GateResult[] => {
    given.onCheck?.();
    checked.push(candidate);
    const results = given.gates ?? [[gate('passed')]];
    return results[Math.min(checked.length, results.length) - 1] ?? [];
  };
  const run = (): Promise<Supervision> =>
    supervise(
      workOver(routerOver(models, { coder: coders, reviewer: reviewers }, { missing }), {
        base: async (path) => given.base?.[path] ?? null,
        codec: given.codec ?? 'fenced',
        findings: { mode: given.findings ?? 'any', citable },
        salt: 'attempt-2',
        emit: (event) => events.push(event),
        ...(given.signal !== undefined && { signal: given.signal }),
      }),
      {
        candidate: {
          bundle: {
            files: [{ path: 'a.js', content: `${content}\n` }],
            edits: [],
            deletions: [],
            tests: ['a.js'],
            commands: [],
            notes: '',
          },
          changes: new Map([['a.js', `${content}\n`]]),
          author: author.identity,
        },
        feedback: given.feedback ?? null,
        check: async (candidate) => ({
          gates: checkNow(candidate),
          recorded: given.recorded === true,
        }),
        verify: async (candidate) => checkNow(candidate),
        blockingGates: new Set(['syntax', 'paths']),
        maxIterations: given.maxIterations ?? 3,
        tryTests: given.tryTests,
        files: filesIn(given.files ?? new Map()),
        keep: async (round, made) => void kept.push({ round, made }),
      },
    );
  return { run, author, reviewer, third, events, kept, checked };
}

export const lastPart = (model: FakeModel, index: number): string =>
  model.requests[index]?.parts.at(-1)?.text ?? '';
export const contents = ({ candidate }: Supervision): unknown =>
  Object.fromEntries(candidate.changes);
