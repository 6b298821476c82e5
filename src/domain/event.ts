import * as z from 'zod';
import { gateResultSchema } from './gate-result.ts';
import { modelErrorKinds } from './model-error.ts';
import { modelRoles } from './model-role.ts';
import { reviewSchema } from './review.ts';
import { taskStatuses } from './task.ts';
import { usageSchema } from './usage.ts';

/**
 * Of the events that are written now. One that changes an event's meaning raises it, and adds to
 * `state/old-events.ts` how the event before it is read. Events of version 1 carry no number.
 */
export const eventVersion = 2;

/** `at` is ISO 8601, UTC; `run` groups the events of one command. */
const stamp = { at: z.string(), run: z.string(), version: z.literal(eventVersion) };

const event = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), ...stamp, ...shape });

/** SHA-256 in hexadecimal; null for a file that is not there. */
const hash = z.string();
const fileHash = hash.nullable();
const taskOrNone = z.string().nullable();
const ofAttempt = { task: z.string(), attempt: z.int(), round: z.int() };

const changedFile = z.object({
  path: z.string(),
  change: z.enum(['added', 'modified', 'deleted']),
});

const callPurpose = z.object({
  stage: z.string(),
  feature: z.string(),
  task: taskOrNone,
  attempt: z.int(),
  round: z.int(),
  /** Of several that are made or judged at the same time: which one, as `C2`. */
  candidate: z.string().exactOptional(),
  /** Of several that judge at the same time: which one. */
  critic: z.string().exactOptional(),
});

const gateRunning = z.object({
  runner: z.string(),
  /** Since it began; even, and 0 at the beginning. */
  seconds: z.int(),
  /** How many tests, or files of tests, have told their end so far. */
  tests: z.int(),
  /** The one that was told last; null where the runner tells nothing before its end. */
  last: z.string().nullable(),
});

const ofCall = {
  /** Hash of the request. */
  call: hash,
  role: z.enum(modelRoles),
  /** `provider/model`. */
  model: z.string(),
  purpose: callPurpose,
};

const routingDecision = z.object({
  role: z.enum(modelRoles),
  chosen: z.string(),
  reason: z.string(),
  passedOver: z.array(z.object({ model: z.string(), reason: z.string() }).readonly()).readonly(),
  /** Models of the role still to try, in order, when the chosen one cannot answer. */
  fallbacks: z.array(z.string()).readonly(),
  /** Nor may a model for longer prompts answer in its place: it is this one's answer that is wanted. */
  exact: z.boolean().exactOptional(),
});

/** How a prompt shows a file: whole, in pieces, by its signatures. */
export const packForms = ['whole', 'excerpt', 'outline'] as const;
const fault = z.enum(modelErrorKinds);
const verdict = z.enum(['first', 'second', 'tie']);

/** All that can happen, named noun-verb. The journal is made of these, and every view is made from them. */
export const runEventSchema = z.discriminatedUnion('type', [
  event('run-start', {
    command: z.string(),
    feature: z.string(),
    tasks: z.int(),
    concurrency: z.int(),
  }),
  event('run-finish', {
    feature: z.string(),
    exitCode: z.int(),
    states: z.record(z.string(), z.int()),
  }),
  event('stage-start', { stage: z.string() }),
  event('stage-finish', { stage: z.string(), summary: z.string(), resumed: z.boolean() }),
  event('route-decide', { task: taskOrNone, decision: routingDecision }),
  event('route-fallback', {
    role: z.enum(modelRoles),
    from: z.string(),
    to: z.string(),
    kind: fault,
  }),
  /** A model that keeps failing is passed over for so long, ms. */
  event('route-cooldown', {
    model: z.string(),
    kind: fault,
    failures: z.int(),
    forMs: z.number(),
  }),
  /** The call has waited a second for its turn at the provider; `call-start` ends the wait. */
  event('call-wait', { reason: z.string(), ...ofCall }),
  event('call-start', ofCall),
  /** What a reply brings as it is written: for those who watch, not for the journal. */
  event('call-delta', { text: z.string(), ...ofCall }),
  event('call-finish', {
    finishReason: z.string(),
    usage: usageSchema,
    /** What it cost by the price of that time, USD; absent when the model's price is not known. */
    usd: z.number().min(0).exactOptional(),
    durationMs: z.number(),
    /** The reply came from the call store: nothing was paid. */
    stored: z.boolean(),
    servedBy: z.string(),
    ...ofCall,
  }),
  event('call-retry', { tries: z.int(), kind: fault, delayMs: z.number(), ...ofCall }),
  event('call-fail', {
    kind: z.enum([...modelErrorKinds, 'interrupted']),
    message: z.string(),
    durationMs: z.number(),
    /** What the failed reply used; estimated where it was cut off, absent when nothing is known. */
    usage: usageSchema.exactOptional(),
    /** As of `call-finish`. */
    usd: z.number().min(0).exactOptional(),
    ...ofCall,
  }),
  event('task-start', {
    task: z.string(),
    title: z.string(),
    attempt: z.int(),
    resumed: z.boolean(),
  }),
  event('context-pack', {
    task: z.string(),
    tokens: z.int(),
    parts: z.array(z.string()),
    leftOut: z.array(z.string()),
    /** Files that are shown, each with the reason. */
    files: z
      .array(z.object({ path: z.string(), form: z.enum(packForms), reason: z.string() }))
      .exactOptional(),
    /** For words that belong to no feature: whether it is what went along when the work was begun. */
    kept: z.boolean().exactOptional(),
  }),
  /** A part of work that takes several: a plan, an answer, a critic's opinion, a ranking, the whole. */
  event('step-finish', {
    /** Null where the work belongs to no task. */
    task: taskOrNone,
    /** What it is a step of, as `ensemble`, `tournament`. */
    of: z.string(),
    /** As `plan`, `answer`, `candidate`, `critic`, `rank`, `synthesis`, `finish`. */
    step: z.string(),
    /** Which of several, as `C2` or `C2/security`. */
    name: z.string().nullable(),
    /** One word, as `passed`, `revise`; `report/event-line.ts` knows those that ask for attention. */
    outcome: z.string(),
    /** For people, in one line. */
    detail: z.string(),
    /** What was found out, for readings of the journal. */
    data: z.record(z.string(), z.unknown()),
  }),
  event('candidate-ready', {
    ...ofAttempt,
    files: z.array(z.string()),
    /** `contentKey` of its files: equal for the same work; null where version 1 did not say. */
    content: hash.nullable(),
  }),
  event('gate-finish', {
    ...ofAttempt,
    /** Which of several candidates; null for the work that goes on to be reviewed. */
    candidate: z.string().nullable(),
    result: gateResultSchema,
  }),
  event('review-finish', {
    ...ofAttempt,
    review: reviewSchema,
    reviewer: z.string(),
    sameFamily: z.boolean(),
  }),
  /** Two pieces of work, compared in both orders. */
  event('judge-finish', {
    task: taskOrNone,
    attempt: z.int(),
    /** `provider/model`. */
    judge: z.string(),
    /** Hashes of the two, as of `candidate-ready`. */
    first: hash,
    second: hash,
    /** As the two were given, then turned round; null where there was no usable reply. */
    orders: z.array(z.object({ outcome: verdict.nullable(), said: z.string() })),
    outcome: verdict,
    /** The other one was taken when the order was turned round. */
    flipped: z.boolean(),
  }),
  event('correction-start', { ...ofAttempt, by: z.string() }),
  event('task-finish', {
    task: z.string(),
    status: z.enum(taskStatuses),
    reason: z.string(),
    attempt: z.int(),
    rounds: z.int(),
  }),
  event('task-status', {
    task: z.string(),
    from: z.enum(taskStatuses),
    to: z.enum(taskStatuses),
    by: z.enum(['engine', 'person']),
  }),
  /** What a person decided, or did to the plan or to proposed files. */
  event('decision', {
    task: taskOrNone,
    what: z.enum([
      'approve',
      'reject',
      'edit',
      'set-status',
      'add-task',
      'edit-task',
      'remove-task',
      'apply-debate',
    ]),
    feedback: z.string().nullable(),
    /** For people; empty where there is nothing to add. */
    detail: z.string(),
    /** Files that were approved or edited: what was proposed, and what it came to. */
    files: z.array(z.object({ path: z.string(), before: fileHash, after: fileHash })),
  }),
  /** Approved work was written into the project, or the last such apply was taken back. */
  event('apply-finish', { feature: z.string(), files: z.array(changedFile) }),
  event('undo-finish', { feature: z.string(), files: z.array(changedFile) }),
  /** How the project's own tests came out before any work. */
  event('gate-outlook', { gate: z.string(), found: z.string() }),
  /** What a check runs now, told again and again. */
  event('gate-progress', { task: taskOrNone, ...gateRunning.shape }),
  /** How many of the project's files that have to be read are read, told again and again. */
  event('index-progress', { done: z.int(), all: z.int() }),
  event('warning', { code: z.string(), message: z.string(), task: taskOrNone }),
]);

export type RunEvent = z.infer<typeof runEventSchema>;

/** Most of what happens while one waits; it says nothing that stays, and is in no journal. */
export function isPassing({ type }: Pick<RunEvent, 'type'>): boolean {
  return type === 'call-delta' || type === 'gate-progress' || type === 'index-progress';
}

type Unstamped<E> = E extends unknown ? Omit<E, keyof typeof stamp> : never;
/** An event without what its session adds: time, run and version. */
export type RunEventBody = Unstamped<RunEvent>;

/** What happened to a file of the project. */
export type ChangedFile = Readonly<z.infer<typeof changedFile>>;

/** The chosen model, the ones passed over, and the reason for each. */
export type RoutingDecision = Readonly<z.infer<typeof routingDecision>>;

/** What a check is running, for people who wait. */
export type GateRunning = Readonly<z.infer<typeof gateRunning>>;

/** What a model call is for; names the place in the plan, and is not part of the request's hash. */
export type CallPurpose = Readonly<z.infer<typeof callPurpose>>;

/** Lines of a journal that a reading did without. */
export interface SkippedLines {
  /** Hold no event: torn by a kill, or edited. */
  readonly unreadable: number;
  /** Hold an event that this version does not know. */
  readonly unknown: number;
}

/** Where events go. Must not throw and must not block. */
export type Emit = (event: RunEventBody) => void;
