import { setTimeout as sleep } from 'node:timers/promises';
import type { EnsemblePlan } from '../src/domain/ensemble.ts';
import { parseModelRef } from '../src/domain/model-role.ts';
import { taskSchema } from '../src/domain/task.ts';
import { noUsage } from '../src/domain/usage.ts';
import type { LanguageModel, ModelRouter } from '../src/models/language-model.ts';
import { runEnsemble } from '../src/strategies/ensemble/ensemble.ts';
import type { Measurement } from './measurement.ts';

const slowestMs = 1_500;
const models = [
  { name: 'a/fast', ms: 300 },
  { name: 'b/middling', ms: 900 },
  { name: 'c/slow', ms: slowestMs },
  { name: 'd/fast', ms: 200 },
  { name: 'e/middling', ms: 1_100 },
];

const reply = `Each in its own words.\n\nFILE: src/add.js\n\`\`\`\`\nexport const add = (a, b) => a + b;\n\`\`\`\`\n`;

/** Wall time of an ensemble whose answers agree, over its slowest model alone. */
export async function ensembleSpeed(runs: number): Promise<Measurement[]> {
  const ratios: number[] = [];
  for (let run = 0; run < runs; run++) {
    const alone = await timed(() => modelOf('c/slow').generate({ signal: never } as never));
    ratios.push((await timed(askAll)) / alone);
  }
  ratios.sort((a, b) => a - b);
  return [
    {
      what: `an ensemble of ${models.length} simulated models that agree, over its slowest (${slowestMs} ms)`,
      measured: ratios[ratios.length >> 1] ?? Number.NaN,
      bar: 1.05,
    },
  ];
}

const never = new AbortController().signal;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function modelOf(name: string): LanguageModel {
  const ref = parseModelRef(name);
  const found = models.find((model) => model.name === name);
  if (ref === null || found === undefined) throw new Error(`No model ${name}`);
  const identity = { ref, family: ref.provider };
  return {
    identity,
    async generate() {
      await sleep(found.ms);
      return {
        text: reply,
        finishReason: 'stop',
        rawFinishReason: 'stop',
        usage: noUsage,
        identity,
        servedBy: ref.model,
        warnings: [],
      };
    },
  };
}

const router: ModelRouter = {
  decide() {
    throw new Error('Answers that agree are not merged');
  },
  model: ({ chosen }) => modelOf(chosen),
};

async function askAll(): Promise<void> {
  const plan: EnsemblePlan = {
    category: { category: 'general', scores: [], reason: 'bench' },
    mode: 'architectural',
    modeReason: 'bench',
    wanted: { primaries: 2, validators: 0 },
    primaries: models.map(({ name }) => ({ model: name, family: name, reason: 'bench' })),
    validators: [],
    substitutes: [],
    passedOver: [],
  };
  const { how } = await runEnsemble(
    plan,
    {
      work: {
        task: taskSchema.parse({ id: 'T1', title: 'Add', type: 'code' }),
        context: [],
        base: async () => null,
        codec: 'fenced',
        findings: { mode: 'any', citable: [] },
        limits: { maxOutputTokens: 1_000 },
        salt: undefined,
        purpose: { stage: 'execute', feature: 'bench', task: 'T1', attempt: 1, round: 1 },
        router,
        emit: () => undefined,
        signal: never,
      },
      role: 'coder',
      prompt: [{ role: 'user', name: 'task', text: 'Add.' }],
      checks: { blocking: new Set(), run: async () => [] },
      files: { read: async () => null, write: async () => undefined },
    },
    {
      timeoutMs: null,
      mayBeText: false,
      clock: () => performance.now(),
    },
  );
  if (how !== 'agreed') throw new Error(`The answers were ${how}`);
}
