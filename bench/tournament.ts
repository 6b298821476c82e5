import { setTimeout as sleep } from 'node:timers/promises';
import { pessimisticScores, scoreWeights } from '../src/config/default-critics.ts';
import { noUsage } from '../src/domain/usage.ts';
import type { LanguageModel, ModelRequest } from '../src/models/language-model.ts';
import { systemClock } from '../src/models/middleware/clock.ts';
import { withWarmPrefix } from '../src/models/middleware/warm-prefix.ts';
import { runTournament } from '../src/strategies/tournament/run-tournament.ts';
import type { Measurement } from './measurement.ts';
import { share, simulatedWork } from './simulated-call.ts';

const critics = ['contracts', 'tests', 'security', 'performance', 'style'];
const writingMs = 800;
const judgingMs = 500;
/** Of a call's time: until its reply begins. */
const silent = 0.03;

/**
 * Wall time of tournaments in which every candidate needs a synthesis, over one generation, its slowest
 * critic, one synthesis and one round of critics. Calls of one model that begin alike go one ahead of the
 * others, as in the program.
 */
export async function tournaments(numbers: readonly number[]): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const k of numbers) {
    const { wall, best } = await simulate(k);
    measurements.push({
      what: `tournament of ${k}, over generation + slowest critic + synthesis + round of critics`,
      measured: wall / best,
      bar: 1.1,
    });
  }
  return measurements;
}

async function simulate(k: number): Promise<{ wall: number; best: number }> {
  const took = new Map<string, number>();
  const model = withWarmPrefix(
    simulatedModel(took),
    systemClock(() => new Date()),
  );
  const decision = { chosen: 'bench/one', reason: '', passedOver: [], fallbacks: [] };
  const work = simulatedWork(2_000, {
    decide: (role) => ({ role, ...decision }),
    model: () => model,
  });
  const started = performance.now();
  await runTournament({
    work,
    role: 'coder',
    prompt: work.context,
    checks: { blocking: new Set(), run: async () => [] },
    files: { read: async () => null, write: async () => undefined },
    priceOf: () => null,
    settings: {
      k,
      loops: 1,
      quorum: null,
      margin: 0,
      earlyStop: false,
      deadlineMs: 60_000,
      critics: critics.map((name) => ({ name, charter: name, weight: 1, blocking: ['contract'] })),
      weights: scoreWeights,
      pessimistic: pessimisticScores,
      mustPass: [],
    },
  });
  const wall = performance.now() - started;
  const slowest = (id: string): number =>
    Math.max(...critics.map((critic) => took.get(`${id} ${critic}`) ?? 0));
  const chains = Array.from({ length: k }, (_, index) => {
    const id = `C${index + 1}`;
    return (took.get(id) ?? 0) + slowest(id);
  });
  return { wall, best: Math.max(...chains) + (took.get('S1') ?? 0) + slowest('S1') };
}

/** Answers after a time that its request decides, the same each time. */
function simulatedModel(took: Map<string, number>): LanguageModel {
  const identity = { ref: { provider: 'bench', model: 'one' }, family: 'bench' };
  return {
    identity,
    async generate(request) {
      const { candidate = '', critic } = request.purpose;
      const name = critic === undefined ? candidate : `${candidate} ${critic}`;
      const ms = (critic === undefined ? writingMs : judgingMs) * (0.8 + 0.4 * share(name));
      took.set(name, ms);
      await sleep(ms * silent);
      request.onActivity?.();
      await sleep(ms * (1 - silent));
      return {
        text:
          critic === undefined
            ? `FILE: a.js\n\`\`\`\`\n${candidate}\n\`\`\`\`\n`
            : critique(request),
        finishReason: 'stop' as const,
        rawFinishReason: 'stop',
        usage: noUsage,
        identity,
        servedBy: 'one',
        warnings: [],
      };
    },
  };
}

function critique({ parts, purpose }: ModelRequest): string {
  const work = parts.find(({ name }) => name === 'work')?.text ?? '';
  const isSynthesis = purpose.candidate?.startsWith('S') === true;
  return JSON.stringify({
    candidate: /given back as it is: (\S+)/.exec(work)?.[1] ?? '',
    verdict: isSynthesis ? 'accept' : 'revise',
    scores: { correctness: 0.8, consistency: 0.8, safety: 0.8, efficiency: 0.8, clarity: 0.8 },
    failures: isSynthesis
      ? []
      : [{ category: 'contract', evidence: 'wrong', location: null, fixHint: 'Mend it.' }],
    nextActions: [],
  });
}
