import type { Candidate } from '../../src/domain/candidate.ts';
import type { GateResult } from '../../src/domain/gate-result.ts';
import type { Finding } from '../../src/domain/review.ts';
import type { FeatureDocument, Task, TaskResult } from '../../src/domain/task.ts';
import type { MessagePart } from '../../src/models/language-model.ts';
import { documentOf, task } from '../state/fixtures.ts';

/** A small feature in the middle of its work, as the snapshots of prompts show it. */
export const spec = `# Durations

## Overview

Turns durations such as \`1h 30m\` into seconds, and back.

## Interfaces

### parse(text)

Returns seconds as an integer, or throws a RangeError.

## History

This section is for people.

## Requirements

### R1: It parses a duration

- «1h 30m» gives 5400
- an empty text throws a RangeError

### R2: It formats seconds

- 5400 gives «1h 30m»
`;

const approved: TaskResult = {
  outcome: 'approved',
  by: 'supervisor',
  at: '2026-01-31T12:00:00.000Z',
  reason: 'The review found nothing that blocks.',
  run: 'run-1',
  attempt: 1,
  rounds: 1,
  author: 'one/author',
  reviewer: 'two/reviewer',
  files: [
    { path: 'src/units.js', sha256: 'aa' },
    { path: 'docs/units.md', sha256: 'bb' },
    { path: 'src/old.js', sha256: null },
  ],
  gates: [],
  review: { verdict: 'accept', summary: 'Sound.' },
  feedback: null,
};

/** The files of the project, by path. */
export const projectFiles: Readonly<Record<string, string>> = {
  'src/units.js': 'export const units = { h: 3600, m: 60, s: 1 };\n',
  'docs/units.md': 'The units:\n\n```js\n{ h: 3600 }\n```\n',
  'src/parse.js': 'export function parse() {}',
};

export const tasks: Task[] = [
  task('T1', {
    title: 'Decide the units',
    type: 'architecture',
    requirements: ['R1', 'R2'],
    files: ['docs/units.md'],
    status: 'done',
    result: approved,
  }),
  task('T2', {
    title: 'Set up the project',
    type: 'boilerplate',
    requirements: [],
    acceptance: [],
    files: ['package.json'],
  }),
  task('T3', {
    title: 'Parse durations',
    description: 'Parse hours, minutes and seconds.\nBlanks may stand between them.',
    dependsOn: ['T1', 'T2'],
    acceptance: ['«1h 30m» gives 5400', 'An empty text throws'],
    files: ['src/parse.js', 'src/parse.test.js'],
    complexity: 4,
    status: 'failed',
    result: { ...approved, outcome: 'rejected', by: 'person', feedback: 'Keep «units» as it is.' },
  }),
  task('T4', {
    title: 'Review the whole',
    type: 'review',
    dependsOn: ['T1'],
    requirements: ['R1', 'R2'],
    files: [],
  }),
];

export const document: FeatureDocument = documentOf(0, {
  title: 'Durations',
  requirements: [
    {
      id: 'R1',
      text: 'It parses a duration',
      acceptance: ['«1h 30m» gives 5400', 'an empty text throws a RangeError'],
    },
    { id: 'R2', text: 'It formats seconds', acceptance: ['5400 gives «1h 30m»'] },
  ],
  tasks,
});

/** What authors and reviewers of a task share, cut short. */
export const context: readonly MessagePart[] = [
  { role: 'user', name: 'spec', text: '# The feature: Durations', cache: true },
  { role: 'user', name: 'task', text: '# The task\n\nParse durations.' },
];

export const candidate: Candidate = {
  bundle: {
    files: [],
    edits: [],
    deletions: [],
    tests: ['src/parse.test.js', 'src/format.test.js'],
    commands: ['node --test'],
    notes: 'Blanks are trimmed.  I am sure that it is right.',
  },
  changes: new Map<string, string | null>([
    ['src/parse.js', 'export const parse = (text) => Number(text);  \n'],
    ['src/parse.test.js', 'const fence = `````;\r\n'],
    ['src/old.js', null],
  ]),
  author: { ref: { provider: 'one', model: 'author' }, family: 'one' },
};

export const otherCandidate: Candidate = {
  ...candidate,
  changes: new Map([['src/parse.js', 'export const parse = (text) => text.length;\n']]),
  author: { ref: { provider: 'two', model: 'author' }, family: 'two' },
};

export const findings: readonly Finding[] = [
  {
    category: 'correctness',
    severity: 'blocker',
    evidence: 'parse("1h") gives NaN.',
    location: 'src/parse.js:1',
    fixHint: 'Split the text at its units.',
  },
  {
    category: 'tests',
    severity: 'minor',
    evidence: 'No test of an empty text.',
    location: null,
    fixHint: 'Add one.',
  },
];

export const gates: readonly GateResult[] = [
  { gate: 'syntax', status: 'passed', summary: '2 files', findings: [], durationMs: 3 },
  {
    gate: 'tests',
    status: 'failed',
    summary: '1 of 2 tests failed',
    findings: findings.slice(0, 1),
    durationMs: 250,
  },
  { gate: 'contract', status: 'skipped', summary: 'no types', findings: [], durationMs: 0 },
];
