import type { PlannedTask } from '../../src/domain/plan.ts';
import type { Review } from '../../src/domain/review.ts';
import type { ReceivedRequest } from '../helpers/loopback/server.ts';

/** What a request is for, as its words tell. */
export type Stage =
  | 'clarify'
  | 'spec'
  | 'plan'
  | 'refine'
  | 'execute'
  | 'review'
  | 'second-read'
  | 'correct'
  | 'review-task';

const openings: readonly (readonly [Stage, string])[] = [
  ['clarify', 'You are the software architect. Before you write'],
  ['spec', 'You are the software architect. Turn the brief'],
  ['plan', 'You are the planner.'],
  ['refine', 'You are the reviewer. Judge a task list'],
  ['execute', 'You carry out one task'],
  ['review', 'You review a colleague'],
  ['second-read', 'You are the second reader'],
  ['correct', 'You correct work on one task'],
  ['review-task', 'You review what earlier tasks'],
];

export function stageOf({ prompt }: ReceivedRequest): Stage {
  const found = openings.find(([, opening]) => prompt.includes(opening));
  if (found === undefined) throw new Error(`A request that nobody expects:\n${prompt}`);
  return found[0];
}

/** The task that a request is about; null while planning. */
export function taskOf({ prompt }: ReceivedRequest): string | null {
  return /# The task\n\n`+\n\{\n {2}"id": "(T\d+)"/.exec(prompt)?.[1] ?? null;
}

export const brief = `# adder

A module that adds numbers, and refuses what is no number.
`;

export const specText = `# adder

## Overview

A module that adds numbers.

## Requirements

### R1: add gives the sum of two numbers

- \`add(1, 2)\` gives 3.

### R2: add refuses what is no number

- \`add('1', 2)\` throws a TypeError.
`;

/** A task as a planner names it. */
export function planned(
  task: Pick<PlannedTask, 'id' | 'title' | 'type'> & Partial<PlannedTask>,
): PlannedTask {
  return {
    description: `Do «${task.title}».`,
    dependsOn: [],
    requirements: ['R1', 'R2'],
    acceptance: ['It is there.'],
    files: [],
    complexity: 3,
    category: 'general',
    workflow: 'coding',
    ...task,
  };
}

const tasks: readonly PlannedTask[] = [
  planned({
    id: 'T1',
    title: 'Design the module',
    type: 'architecture',
    files: ['docs/design.md'],
  }),
  planned({ id: 'T2', title: 'Write add', type: 'code', dependsOn: ['T1'], files: ['src/add.js'] }),
  planned({ id: 'T3', title: 'Review the whole', type: 'review', dependsOn: ['T2'] }),
];

const scores = { correctness: 1, consistency: 1, safety: 1, efficiency: 1, clarity: 1 };
export const accepted: Review = {
  verdict: 'accept',
  summary: 'It is sound.',
  scores,
  findings: [],
};
export const refused: Review = {
  verdict: 'revise',
  summary: 'It adds text.',
  scores: { ...scores, correctness: 0.2 },
  findings: [
    {
      category: 'correctness',
      severity: 'blocker',
      evidence: 'add("1", 2) gives "12"',
      location: 'src/add.js:1',
      fixHint: 'Throw a TypeError for what is no number.',
      cites: 'R2.1',
    },
  ],
};

/** A second reader’s word on it. */
export const held = {
  findings: [{ id: 'F1', verdict: 'holds', reasons: 'src/add.js:1 checks nothing.' }],
};

export const wrongAdd = 'export const add = (a, b) => a + b;\n';
export const rightAdd = `export function add(a, b) {
  if (typeof a !== 'number' || typeof b !== 'number') throw new TypeError('not a number');
  return a + b;
}
`;

export const fileReply = (path: string, content: string): string =>
  `FILE: ${path}\n\`\`\`\`\n${content}\`\`\`\`\n`;

/**
 * Plays all models of the adder: a plan of three tasks, code that is wrong at first, a review that finds
 * it, and its correction. The same request always gets the same reply.
 */
export function adderReply(request: ReceivedRequest): string {
  switch (stageOf(request)) {
    case 'clarify':
      return JSON.stringify({ questions: [], files: [] });
    case 'spec':
      return specText;
    case 'plan':
      return JSON.stringify({
        requirements: [
          { id: 'R1', text: 'add gives the sum of two numbers', acceptance: ['add(1, 2) is 3'] },
          { id: 'R2', text: 'add refuses what is no number', acceptance: ['it throws'] },
        ],
        tasks,
      });
    case 'refine':
      return JSON.stringify({ tasks, removed: [], notes: ['Nothing to change.'] });
    case 'execute':
      return taskOf(request) === 'T1'
        ? fileReply('docs/design.md', '# Design\n\nOne function.\n')
        : fileReply('src/add.js', wrongAdd);
    case 'review': {
      const [, after = ''] = request.prompt.split('# The work under review');
      const [work = ''] = after.split('# What changed since');
      return JSON.stringify(work.includes(wrongAdd) ? refused : accepted);
    }
    case 'second-read':
      return JSON.stringify(held);
    case 'correct':
      return fileReply('src/add.js', rightAdd);
    case 'review-task':
      return JSON.stringify(accepted);
  }
}
