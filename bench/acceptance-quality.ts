import type { FindingsMode } from '../src/domain/review.ts';
import { newTask, type FeatureDocument } from '../src/domain/task.ts';
import { single } from '../src/strategies/single.ts';
import { citableOf } from '../src/supervisor/counting/citable.ts';
import type { StepFiles } from '../src/supervisor/steps.ts';
import { coding } from '../src/workflows/coding.ts';
import type { WorkflowInput } from '../src/workflows/workflow.ts';
import { sequence } from './sequence.ts';
import { simulatedWork } from './simulated-call.ts';
import { simulatedModels, type ModelRates } from './simulated-models.ts';
import { criteria, isRight, simulatedGates, workPath } from './simulated-project.ts';

/** With or without tests of the criteria, and with or without the rule on findings that count. */
export const ways = ['neither', 'acceptance', 'findings', 'both'] as const;
export type Way = (typeof ways)[number];

/** Of simulated tasks; shares are from 0 to 1. */
export interface AcceptanceQuality extends ModelRates {
  readonly way: Way;
  /** Share of all tasks: approved, and wrong. */
  readonly falseApproval: number;
  readonly approved: number;
  /** Share of all tasks: what waits for a person is right. */
  readonly rightRefused: number;
  /** Of gates, review and correction, a task. */
  readonly rounds: number;
  /** A task. */
  readonly reviews: number;
  /** A task. */
  readonly calls: number;
}

const cells: readonly ModelRates[] = [0.2, 0.5, 0.8].flatMap((p) =>
  [0.7, 0.9].flatMap((v) => [0.1, 0.3].map((q) => ({ p, v, q }))),
);

/** The program's own coding workflow on tasks of two criteria, with models that err. */
export async function acceptanceQuality(tasks: number): Promise<AcceptanceQuality[]> {
  const rows: AcceptanceQuality[] = [];
  for (const [cell, rates] of cells.entries())
    for (const way of ways) {
      const sum = {
        falseApproval: 0,
        approved: 0,
        rightRefused: 0,
        rounds: 0,
        reviews: 0,
        calls: 0,
      };
      for (let index = 0; index < tasks; index++) {
        const ended = await simulate(rates, way, sequence(cell * tasks + index));
        sum.falseApproval += Number(ended.approved && !ended.right);
        sum.approved += Number(ended.approved);
        sum.rightRefused += Number(!ended.approved && ended.right);
        sum.rounds += ended.rounds;
        sum.reviews += ended.calls['review'] ?? 0;
        for (const count of Object.values(ended.calls)) sum.calls += count;
      }
      rows.push({
        ...rates,
        way,
        falseApproval: sum.falseApproval / tasks,
        approved: sum.approved / tasks,
        rightRefused: sum.rightRefused / tasks,
        rounds: sum.rounds / tasks,
        reviews: sum.reviews / tasks,
        calls: sum.calls / tasks,
      });
    }
  return rows;
}

const task = newTask({
  id: 'T1',
  title: 'Simulated',
  type: 'code',
  requirements: ['R1'],
  files: [workPath],
});
const requirements = [
  { id: 'R1', text: 'It holds.', acceptance: criteria.map((id) => `What ${id} asks for.`) },
];
const document: FeatureDocument = {
  schemaVersion: 2,
  title: 'Simulated',
  createdAt: '2026-01-31T12:00:00.000Z',
  updatedAt: '2026-01-31T12:00:00.000Z',
  plan: { specSha256: '', spec: null, refined: true, warnings: [] },
  requirements,
  tasks: [task],
};

interface Ended {
  readonly approved: boolean;
  /** What is delivered. */
  readonly right: boolean;
  readonly rounds: number;
  /** By stage. */
  readonly calls: Readonly<Record<string, number>>;
}

async function simulate(rates: ModelRates, way: Way, random: () => number): Promise<Ended> {
  const { router, calls } = simulatedModels(rates, random);
  const mode: FindingsMode = way === 'findings' || way === 'both' ? 'grounded' : 'any';
  const { context: prompt, ...work } = simulatedWork(100, router);
  const end = await coding.run({
    work: {
      ...work,
      task,
      codec: 'json',
      findings: { mode, citable: citableOf(task, requirements) },
    },
    document,
    view: emptyProject,
    files: filesInMemory(),
    parts: {
      ...simulatedGates,
      strategy: single,
      scaffold: () => Promise.reject(new Error('no rules write here')),
      maxIterations: 3,
      ...((way === 'acceptance' || way === 'both') && {
        acceptance: { tests: 'hidden', mutants: 6 },
      }),
    },
    route: { workers: [], controls: { debate: false, maxRounds: 3 } },
    begin: async () => ({ prompt, shown: [] }),
    keepRound: async () => undefined,
    rejected: async () => null,
    authorsOf: async () => [],
  });
  if ('moved' in end || end.deliverable.kind !== 'files') throw new Error('no files were made');
  const made = end.deliverable.bundle.files.find(({ path }) => path === workPath)?.content ?? '';
  const { rounds = 0 } = end.result;
  return { approved: end.status === 'done', right: isRight(made), rounds, calls };
}

const emptyProject: WorkflowInput['view'] = {
  read: async () => null,
  look: () => Promise.reject(new Error('simulated gates look at nothing')),
  copyTo: async () => undefined,
  checkedOut: async () => new Map(),
};

function filesInMemory(): StepFiles {
  const written = new Map<string, string>();
  return {
    read: async (name) => written.get(name) ?? null,
    write: async (name, text) => void written.set(name, text),
  };
}
