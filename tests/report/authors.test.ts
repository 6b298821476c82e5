import { expect, it } from 'vitest';
import type { RunEventBody } from '../../src/domain/event.ts';
import type { TaskStatus } from '../../src/domain/task.ts';
import { noUsage } from '../../src/domain/usage.ts';
import { createAuthorsFold, joinAuthors } from '../../src/report/authors.ts';
import { timed } from './preferences/events.ts';

interface Call {
  readonly task?: string;
  readonly attempt?: number;
  readonly stage?: string;
  readonly stored?: boolean;
  readonly usd?: number | null;
  readonly candidate?: string;
}

function call(model: string, about: Call = {}): RunEventBody {
  const { task = 'T1', attempt = 1, stage = 'execute', stored = false, usd = 0.5 } = about;
  const { candidate } = about;
  const purpose = { stage, feature: 'f', task, attempt, round: 1 };
  return {
    type: 'call-finish',
    call: 'c',
    role: 'coder',
    model,
    purpose: candidate === undefined ? purpose : { ...purpose, candidate },
    finishReason: 'stop',
    usage: { ...noUsage, input: 1 },
    ...(usd !== null && { usd }),
    durationMs: 1,
    stored,
    servedBy: model,
  };
}
const ends = (status: TaskStatus, attempt = 1, task = 'T1'): RunEventBody => ({
  type: 'task-finish',
  task,
  status,
  reason: '',
  attempt,
  rounds: 1,
});
const reject: RunEventBody = {
  type: 'decision',
  task: 'T1',
  what: 'reject',
  feedback: 'No.',
  detail: '',
  files: [],
};

function told(bodies: readonly RunEventBody[]): string[] {
  const fold = createAuthorsFold(() => null);
  for (const event of timed(bodies)) fold.follow(event);
  return fold
    .report()
    .map((one) => `${one.model} +${one.approved} -${one.refused} $${one.usd} ?${one.unpriced}`);
}

it.each<[string, RunEventBody[], string[]]>([
  ['approved', [call('a/x'), ends('done')], ['a/x +1 -0 $0.5 ?0']],
  ['failed', [call('a/x'), ends('failed')], ['a/x +0 -1 $0.5 ?0']],
  ['not decided', [call('a/x'), ends('needs_review')], ['a/x +0 -0 $0.5 ?0']],
  [
    'approved by a person later',
    [call('a/x'), ends('needs_review'), ends('done')],
    ['a/x +1 -0 $0.5 ?0'],
  ],
  ['sent back later', [call('a/x'), ends('done'), reject], ['a/x +0 -1 $0.5 ?0']],
  [
    'sent back, and approved in another attempt by another model',
    [call('a/x'), ends('done'), reject, call('b/y', { attempt: 2 }), ends('done', 2)],
    ['a/x +0 -1 $0.5 ?0', 'b/y +1 -0 $0.5 ?0'],
  ],
  [
    'corrected by another: its author pays',
    [call('a/x'), call('b/y', { stage: 'correct' }), ends('done')],
    ['a/x +1 -0 $1 ?0'],
  ],
  [
    'mended in its form',
    [call('a/x'), call('a/x', { stage: 'execute:repair' }), ends('done')],
    ['a/x +1 -0 $1 ?0'],
  ],
  [
    'read again after its end',
    [call('a/x'), ends('done'), call('a/x', { stored: true })],
    ['a/x +1 -0 $0.5 ?0'],
  ],
  ['of no known price', [call('a/x', { usd: null }), ends('done')], ['a/x +1 -0 $0 ?1']],
  ['of several candidates: nobody’s', [call('a/x', { candidate: 'C1' }), ends('done')], []],
  ['reviewed: no author’s', [call('a/x', { stage: 'review' }), ends('done')], []],
])('an attempt %s', (_, bodies, records) => {
  expect(told(bodies)).toEqual(records);
});

it('records of several folders are added up, by role and model', () => {
  const one = {
    role: 'coder',
    model: 'a/x',
    approved: 1,
    refused: 2,
    usd: 1,
    unpriced: 0,
  } as const;
  const other = { ...one, role: 'architect' } as const;
  expect(joinAuthors([[one, other], [one]])).toEqual([
    { ...one, approved: 2, refused: 4, usd: 2 },
    other,
  ]);
});
