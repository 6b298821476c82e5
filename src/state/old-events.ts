import { eventVersion } from '../domain/event.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What events of version 1 did not say. */
const added: Readonly<Record<string, Fields>> = {
  'candidate-ready': { content: null },
  'gate-finish': { candidate: null },
};

/** Events of version 1 that are steps now; what else they said is the step's data. */
const steps: Readonly<Record<string, (old: Fields) => Fields>> = {
  'ensemble-plan': ({ plan }) => ({
    of: 'ensemble',
    step: 'plan',
    name: null,
    outcome: fieldOf(plan, 'mode'),
    detail: fieldOf(plan, 'modeReason'),
  }),
  'ensemble-answer': ({ model, files, failure }) => ({
    of: 'ensemble',
    step: 'answer',
    name: model,
    outcome: failure === null ? 'given' : 'failed',
    detail: failure ?? listed(files),
  }),
  'ensemble-finish': ({ how, asked, answered, needsReview }) => ({
    of: 'ensemble',
    step: 'finish',
    name: null,
    outcome: listed(needsReview) === '' ? 'done' : 'needs_review',
    detail: `${answered} of ${asked} answered, ${how}`,
  }),
  'candidate-finish': ({ candidate, outcome, detail }) => ({
    of: 'tournament',
    step: 'candidate',
    name: candidate,
    outcome,
    detail,
  }),
  'critic-finish': ({ candidate, critic, verdict, detail }) => ({
    of: 'tournament',
    step: 'critic',
    name: `${candidate}/${critic}`,
    outcome: verdict,
    detail,
  }),
  'candidates-rank': ({ order, reason }) => ({
    of: 'tournament',
    step: 'rank',
    name: null,
    outcome: fieldOf(fieldOf(order, '0'), 'candidate'),
    detail: reason,
  }),
  'synthesis-finish': ({ round, accepted, reason }) => ({
    of: 'tournament',
    step: 'synthesis',
    name: `S${round}`,
    outcome: accepted === true ? 'taken' : 'not_taken',
    detail: reason,
  }),
  'tournament-finish': ({ winner, approved, needsReview }) => ({
    of: 'tournament',
    step: 'finish',
    name: winner,
    outcome: approved === true ? 'approved' : 'needs_review',
    detail: listed(needsReview),
  }),
};

/** An event of version 1 as it would be written now; nothing says yet that it is sound. */
export function upgradedEvent(old: Fields & { readonly type: string }): Fields {
  const { type, at, run, task, ...data } = old;
  const step = Object.hasOwn(steps, type) ? steps[type] : undefined;
  return step === undefined
    ? { ...old, ...added[type], version: eventVersion }
    : { type: 'step-finish', at, run, version: eventVersion, task, data, ...step(data) };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Fields)[name] : undefined;
}

function listed(values: unknown): string {
  return Array.isArray(values) ? values.join(', ') : '';
}
