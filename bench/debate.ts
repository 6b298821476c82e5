import { setTimeout as sleep } from 'node:timers/promises';
import { runDebate } from '../src/debate/run-debate.ts';
import { noUsage } from '../src/domain/usage.ts';
import type { LanguageModel, ModelRequest } from '../src/models/language-model.ts';
import { systemClock } from '../src/models/middleware/clock.ts';
import { withWarmPrefix } from '../src/models/middleware/warm-prefix.ts';
import type { Measurement } from './measurement.ts';
import { share, simulatedWork, text } from './simulated-call.ts';

const rounds = 3;
const defenseRounds = 2;
const callMs = 500;
/** Of a call's time: until its reply begins. */
const silent = 0.03;

/** Wall time of a debate that uses every round, over the critical path of its calls. */
export async function debates(): Promise<Measurement[]> {
  const took = new Map<string, number>();
  const models = new Map<string, LanguageModel>();
  const modelOf = (name: string): LanguageModel => {
    const known =
      models.get(name) ??
      withWarmPrefix(
        simulatedModel(name, took),
        systemClock(() => new Date()),
      );
    models.set(name, known);
    return known;
  };
  const asking = simulatedWork(2_000, {
    decide: (role) => ({ role, chosen: 'bench/s', reason: '', passedOver: [], fallbacks: [] }),
    model: ({ chosen }) => modelOf(chosen),
  });
  const proposal = text(2_000);
  const started = performance.now();
  await runDebate(
    {
      asking,
      id: 'bench',
      proposal,
      original: proposal,
      debaters: {
        strategist: { model: 'bench/s', family: 's' },
        critics: ['A', 'B', 'C'].map((label) => ({
          label,
          model: `bench/${label}`,
          family: label,
        })),
        judge: { model: 'bench/j', family: 'j' },
      },
      settings: { rounds, defenseRounds, full: true },
      files: { read: async () => null, write: async () => undefined },
    },
    async () => undefined,
  );
  const wall = performance.now() - started;
  const slowestOf = (stage: string): number =>
    Math.max(...[...took].flatMap(([key, ms]) => (key.startsWith(`${stage} `) ? ms : [])));
  const stages = new Set([...took.keys()].map((key) => key.slice(0, key.lastIndexOf(' '))));
  const best = [...stages].reduce((sum, stage) => sum + slowestOf(stage), 0);
  return [
    {
      what: `debate of three critics, ${rounds} and ${defenseRounds} rounds, over the critical path of its calls`,
      measured: wall / best,
      bar: 1.05,
    },
  ];
}

/** Answers after a time that phase, round and speaker decide, the same each time. */
function simulatedModel(name: string, took: Map<string, number>): LanguageModel {
  const identity = { ref: { provider: 'bench', model: name }, family: name };
  return {
    identity,
    async generate(request) {
      const { stage, round } = request.purpose;
      const key = `${stage} ${round} ${name}`;
      const ms = callMs * (0.8 + 0.4 * share(key));
      took.set(key, ms);
      await sleep(ms * silent);
      request.onActivity?.();
      await sleep(ms * (1 - silent));
      return {
        text: JSON.stringify(replyTo(request)),
        finishReason: 'stop' as const,
        rawFinishReason: 'stop',
        usage: noUsage,
        identity,
        servedBy: name,
        warnings: [],
      };
    },
  };
}

function replyTo({ purpose: { stage, critic = '', round }, parts }: ModelRequest): object {
  const ids = [...new Set(parts.at(-1)?.text.match(/\bI\d+\b/g))];
  const issue = {
    id: 'S1',
    severity: 'major',
    title: `Critic${critic} round${round} finds`,
    claim: 'c',
    evidence: ['parse(text, limits) returns a list'],
    breaks: 'b',
  };
  switch (stage) {
    case 'debate-baseline':
      return { summary: 's', nothingBlocks: false, issues: [issue] };
    case 'debate-round':
      return { summary: 's', responses: [], issues: [issue], noNewIssues: false };
    case 'debate-judge':
      return { reasons: 'r', better: 'A' };
    case 'debate-peer-review':
      return { maintained: [], adopted: [], contested: [], recommendedPath: 'p' };
    case 'debate-defence':
      return {
        answers: ids.map((id) => ({ issue: id, stance: 'defend', reason: 'r', change: null })),
      };
    case 'debate-reply':
      return { replies: ids.map((id) => ({ issue: id, stance: 'insist', reason: 'r' })) };
    default: {
      const all = parts.find(({ name }) => name === 'issues')?.text ?? '';
      const checklist = [...all.matchAll(/^(I\d+) \(/gm)].map(([, id]) => ({
        issue: id,
        status: 'deferred',
        note: 'n',
      }));
      const empty = {
        kinds: [],
        resolved: [],
        decisions: [],
        actions: [],
        dissent: [],
        sections: [],
      };
      return { summary: 's', verdict: 'CONDITIONAL', ...empty, recommendation: 'r', checklist };
    }
  }
}
