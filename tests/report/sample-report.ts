import type { FinalPosition } from '../../src/domain/debate.ts';
import { runEventSchema, type RunEvent, type RunEventBody } from '../../src/domain/event.ts';
import { derivedStates } from '../../src/domain/graph.ts';
import { featureDocumentSchema, type FeatureDocument } from '../../src/domain/task.ts';
import { noUsage } from '../../src/domain/usage.ts';
import { createCostFold } from '../../src/report/cost.ts';
import type { ReportDocument, TaskWork } from '../../src/report/work/document.ts';
import { featurePart } from '../../src/report/work/feature-part.ts';
import { createJournalFold } from '../../src/report/work/journal.ts';

/** An event so many seconds after twelve. */
export function event(seconds: number, body: RunEventBody): RunEvent {
  const at = new Date(Date.UTC(2026, 0, 31, 12) + seconds * 1_000).toISOString();
  return runEventSchema.parse({ at, run: 'r1', version: 2, ...body });
}

const scores = { correctness: 1, consistency: 1, safety: 1, efficiency: 1, clarity: 1 };
const ofT1 = { task: 'T1', attempt: 1 };
const usage = { ...noUsage, input: 1_200, output: 300 };

export function call(seconds: number, tookSeconds: number, task: string | null): RunEvent {
  const purpose = { stage: 'execute', feature: 'links', task, attempt: 1, round: 1 };
  return event(seconds, {
    type: 'call-finish',
    call: `c${seconds}`,
    role: 'coder',
    model: 'one/author',
    purpose,
    finishReason: 'stop',
    usage,
    usd: 0.5,
    durationMs: tookSeconds * 1_000,
    stored: false,
    servedBy: 'x',
  });
}

/** T1 is corrected once and approved, T2 waits for a person, T3 is not begun. */
export const events: readonly RunEvent[] = [
  event(0, { type: 'stage-start', stage: 'spec' }),
  call(4, 3, null),
  event(5, { type: 'stage-finish', stage: 'spec', summary: 'written', resumed: false }),
  event(5, { type: 'warning', code: 'odd', message: 'Something is odd', task: null }),
  event(6, { type: 'warning', code: 'odd', message: 'Something is odd', task: null }),
  event(10, { type: 'task-start', task: 'T1', title: 'Read', attempt: 1, resumed: false }),
  event(10, {
    type: 'context-pack',
    task: 'T1',
    tokens: 900,
    parts: ['spec', 'task'],
    leftOut: ['the log'],
    files: [{ path: 'src/near.js', form: 'outline', reason: 'is imported' }],
  }),
  call(15, 5, 'T1'),
  event(15, { type: 'candidate-ready', ...ofT1, round: 1, files: ['src/a.js'], content: 'h' }),
  event(16, {
    type: 'gate-finish',
    ...ofT1,
    round: 1,
    candidate: null,
    result: {
      gate: 'tests',
      status: 'failed',
      summary: '1 test failed',
      durationMs: 1_000,
      findings: [
        {
          category: 'test',
          severity: 'blocker',
          evidence: 'a < b',
          location: 'src/a.js:1',
          fixHint: 'mend it',
        },
      ],
    },
  }),
  event(18, {
    type: 'review-finish',
    ...ofT1,
    round: 1,
    reviewer: 'two/critic',
    sameFamily: false,
    review: {
      verdict: 'revise',
      summary: 'Not yet.',
      scores,
      findings: [
        {
          category: 'correctness',
          severity: 'major',
          evidence: 'It reads nothing',
          location: null,
          id: 'F1',
          standing: 'doubtful',
          reason: 'it names no line',
          fixHint: 'Read it',
        },
      ],
    },
  }),
  event(18, { type: 'correction-start', ...ofT1, round: 1, by: 'one/author' }),
  event(20, {
    type: 'task-finish',
    task: 'T1',
    status: 'done',
    reason: 'All is well.',
    attempt: 1,
    rounds: 2,
  }),
  event(20, { type: 'task-start', task: 'T2', title: 'Write', attempt: 1, resumed: false }),
  call(26, 6, 'T2'),
  event(27, {
    type: 'task-finish',
    task: 'T2',
    status: 'needs_review',
    reason: 'Look at it.',
    attempt: 1,
    rounds: 1,
  }),
  event(900, {
    type: 'decision',
    task: 'T1',
    what: 'reject',
    feedback: 'Say more.',
    detail: '',
    files: [{ path: 'src/a.js', before: 'x', after: null }],
  }),
  event(901, {
    type: 'apply-finish',
    feature: 'links',
    files: [{ path: 'src/a.js', change: 'added' }],
  }),
];

const at = '2026-01-31T12:00:00.000Z';
const result = {
  outcome: 'approved',
  by: 'supervisor',
  at,
  reason: 'The gates passed.',
  run: null,
  attempt: 1,
  rounds: 2,
  author: 'one/author',
  reviewer: 'two/critic',
  files: [{ path: 'src/a.js', sha256: 'h' }],
  gates: [],
  review: null,
  feedback: 'Say more.',
};

export const feature: FeatureDocument = featureDocumentSchema.parse({
  schemaVersion: 2,
  title: 'Link checker',
  createdAt: at,
  updatedAt: at,
  plan: { specSha256: '', spec: null, refined: false, warnings: ['The plan is short'] },
  requirements: [
    { id: 'R1', text: 'It reads links.', acceptance: ['A test reads one.'] },
    { id: 'R2', text: 'It writes links.' },
    { id: 'R3', text: 'Nobody thought of it.' },
  ],
  tasks: [
    { id: 'T1', title: 'Read', type: 'code', requirements: ['R1'], status: 'done', result },
    {
      id: 'T2',
      title: 'Write',
      description: 'Write it.',
      type: 'code',
      dependsOn: ['T1'],
      requirements: ['R2'],
      acceptance: ['It writes.'],
      files: ['src/b.js'],
      status: 'needs_review',
      result: { ...result, outcome: 'not_approved', files: [] },
    },
    { id: 'T3', title: 'Offer', type: 'code', dependsOn: ['T1', 'T2'], requirements: ['R1'] },
  ],
});

const works = new Map<string, TaskWork>([
  [
    'T1',
    {
      standing: 'approved',
      files: ['src/a.js'],
      diff: 'diff --git a/src/a.js b/src/a.js\nnew file mode 100644\n--- /dev/null\n+++ b/src/a.js\n@@ -0,0 +1,2 @@\n+if (a < b) {}\n--- a line that is gone',
      cutLines: 7,
      answer: null,
    },
  ],
  ['T2', { standing: 'proposed', files: [], diff: '', cutLines: 0, answer: 'Forty-two.' }],
]);

const position: FinalPosition = {
  version: 1,
  id: 'd-1',
  verdict: 'CONDITIONAL',
  verdictChanged: 'It was APPROVED.',
  endedAtBaseline: false,
  debaters: {
    strategist: { model: 'one/author', family: 'one' },
    critics: [{ label: 'A', model: 'two/critic', family: 'two' }],
    judge: { model: 'three/judge', family: 'three' },
  },
  rounds: { critics: 2, defence: 1 },
  winner: { winner: 'A', decidedBy: 'judge', reasons: 'better', pairs: [] },
  issues: [
    {
      id: 'I1',
      severity: 'blocker',
      saidSeverity: 'blocker',
      title: 'No way back',
      claim: 'It cannot be undone.',
      evidence: [{ quote: 'we delete the old store', found: false }],
      breaks: 'the rollout',
      origins: [{ critic: 'A', id: 'S1' }],
      round: 0,
      outcome: {
        issue: 'I1',
        stance: 'concede',
        reason: 'True.',
        change: 'Keep the old store.',
        insisted: true,
        reply: 'For a week.',
      },
    },
  ],
  summary: 'It was debated.',
  kinds: [{ issue: 'I1', kind: 'technical_fact' }],
  resolved: [{ issue: 'I1', how: 'kept' }],
  decisions: [
    {
      question: 'How long?',
      options: ['a week', 'a month'],
      recommendation: 'a week',
      issues: ['I1'],
    },
  ],
  actions: [
    {
      id: 'A1',
      title: 'Keep the old store',
      detail: 'For a week.',
      priority: 'high',
      effort: 'small',
      section: 'Rollout',
      issues: ['I1'],
    },
  ],
  dissent: [{ issue: 'I1', position: 'A month would be better.' }],
  sections: [{ section: 'Rollout', issues: ['I1'] }],
  recommendation: 'Build it then.',
  checklist: [{ issue: 'I1', status: 'addressed', note: 'By A1.' }],
  missing: ['I9'],
};

/** A report in which everything that can stand there stands. */
export function sampleReport(document = feature, happened = events): ReportDocument {
  const journal = createJournalFold();
  const costs = createCostFold(() => null);
  for (const each of happened) {
    journal.follow(each);
    costs.follow(each);
  }
  const cost = costs.report();
  const step = { of: 'debate', step: 'judge', name: 'A', outcome: 'A', detail: 'chosen' };
  return {
    version: 1,
    made: at,
    subject: { kind: 'feature', name: 'links', title: document.title },
    feature: featurePart({
      document,
      states: derivedStates(document.tasks),
      saidByFile: new Set(),
      works,
      journal: journal.reading(),
      cost,
    }),
    debates: [
      { id: 'd-1', about: 'the spec of links', position, steps: [step], spend: cost.total },
    ],
    cost,
    pricesAsOf: '2026-01-01',
    skipped: { unreadable: 1, unknown: 0 },
    works: [{ path: '.blueprint/asks/x-1', spend: cost.total, cutOff: 0 }],
  };
}
