import { createHash } from 'node:crypto';
import type { Candidate, ReadBase } from '../domain/candidate.ts';
import { overlay, wholeBundle } from '../domain/candidate.ts';
import { throwIfAborted } from '../domain/errors.ts';
import type { CallPurpose, Emit } from '../domain/event.ts';
import type { GateResult } from '../domain/gate-result.ts';
import { ModelError } from '../domain/model-error.ts';
import { formatModelRef, type ModelIdentity } from '../domain/model-role.ts';
import { isBlocking, reviewSchema, type Finding, type Review } from '../domain/review.ts';
import type { Task } from '../domain/task.ts';
import { generateBundle, type BundleCodec } from '../models/generate-bundle.ts';
import { generateObject } from '../models/generate-object.ts';
import type { MessagePart, ModelRouter } from '../models/language-model.ts';
import { correctPrompt, reviewPrompt } from './prompts.ts';

export interface SuperviseInput {
  readonly feature: string;
  readonly task: Task;
  readonly attempt: number;
  /** What the author knew: requirements, spec, files. Comes before the work in every prompt. */
  readonly context: readonly MessagePart[];
  readonly candidate: Candidate;
  /** A person's words on the candidate: it is corrected by them before anything else. */
  readonly feedback: string | null;
}

export interface SuperviseOptions {
  readonly router: ModelRouter;
  readonly check: (candidate: Candidate) => Promise<GateResult[]>;
  /** Names of the gates whose failure keeps work from approval. */
  readonly blockingGates: ReadonlySet<string>;
  readonly base: ReadBase;
  readonly maxIterations: number;
  readonly maxOutputTokens: number;
  readonly codec: BundleCodec;
  readonly salt: string | undefined;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** Keeps what a round made, as readable files. */
  readonly keep: (round: number, made: RoundRecord) => Promise<void>;
}

export interface RoundRecord {
  readonly candidate?: Candidate;
  readonly gates?: readonly GateResult[];
  readonly review?: Review;
}

export type StopReason =
  | 'approved'
  | 'rules_only'
  | 'no_reviewer'
  | 'gate_errored'
  | 'no_progress'
  | 'round_cap'
  | 'review_unusable'
  | 'correction_unusable';

/** What became of the candidate, with all the evidence. */
export interface Supervision {
  readonly approved: boolean;
  readonly stop: StopReason;
  /** One sentence for people. */
  readonly reason: string;
  readonly candidate: Candidate;
  readonly rounds: number;
  readonly gates: readonly GateResult[];
  readonly review: Review | null;
  readonly reviewer: ModelIdentity | null;
}

/**
 * Gates → review → correction, again until the work is approved or a stop rule ends it. No revision is
 * approved that was not itself checked and reviewed.
 * @throws ModelError when no model could be reached. @throws InterruptedError
 */
export async function supervise(
  input: SuperviseInput,
  options: SuperviseOptions,
): Promise<Supervision> {
  const loop = createRound(input, options);
  let candidate = input.candidate;
  if (input.feedback !== null) {
    const corrected = await loop.correct(
      candidate,
      [fromPerson(input.feedback)],
      candidate.author,
      0,
    );
    if (corrected === null) return stopped('correction_unusable', candidate, 0);
    candidate = corrected;
  }
  const seenWork = new Set<string>();
  const seenFindings = new Set<string>();
  for (let round = 1; ; round++) {
    throwIfAborted(options.signal);
    seenWork.add(workKey(candidate));
    const gates = await loop.check(candidate, round);
    if (candidate.author.rules) return stopped('rules_only', candidate, round, gates);

    const reviewed = await loop.review(candidate, gates, round);
    if (typeof reviewed === 'string') return stopped(reviewed, candidate, round, gates);
    const { review, reviewer } = reviewed;
    const evidence = [candidate, round, gates, review, reviewer] as const;

    const blocked = gates.filter(({ gate }) => options.blockingGates.has(gate));
    const findings = blockingFindings(blocked, review);
    if (findings.length === 0) {
      const broken = blocked.find((gate) => gate.status === 'errored');
      return broken === undefined
        ? stopped('approved', ...evidence)
        : stopped('gate_errored', ...evidence);
    }
    if (round >= options.maxIterations) return stopped('round_cap', ...evidence);
    const key = findingsKey(findings);
    if (seenFindings.has(key)) return stopped('no_progress', ...evidence);
    seenFindings.add(key);

    const corrector = round === 1 ? candidate.author : reviewer;
    const all = [...findings, ...review.findings.filter((finding) => !isBlocking(finding))];
    const corrected = await loop.correct(candidate, all, corrector, round);
    if (corrected === null) return stopped('correction_unusable', ...evidence);
    if (seenWork.has(workKey(corrected))) return stopped('no_progress', ...evidence);
    candidate = corrected;
  }
}

function createRound(input: SuperviseInput, options: SuperviseOptions) {
  const { task, attempt, context } = input;
  const { router, emit, signal } = options;
  const request = (stage: string, round: number) => ({
    purpose: { stage, feature: input.feature, task: task.id, attempt, round } satisfies CallPurpose,
    maxOutputTokens: options.maxOutputTokens,
    signal,
    ...(options.salt !== undefined && { salt: options.salt }),
  });

  return {
    async check(candidate: Candidate, round: number): Promise<GateResult[]> {
      const gates = await options.check(candidate);
      for (const result of gates)
        emit({ type: 'gate-finish', task: task.id, attempt, round, result });
      await options.keep(round, { candidate, gates });
      return gates;
    },

    async review(
      candidate: Candidate,
      gates: readonly GateResult[],
      round: number,
    ): Promise<{ review: Review; reviewer: ModelIdentity } | 'no_reviewer' | 'review_unusable'> {
      const decision = router.decide('reviewer', { avoidFamily: candidate.author.family });
      emit({ type: 'route-decide', task: task.id, decision });
      const model = router.model(decision);
      if (model.identity.rules) return 'no_reviewer';
      try {
        const { object, result } = await generateObject(
          model,
          {
            role: 'reviewer',
            parts: reviewPrompt(context, candidate, gates),
            ...request('review', round),
          },
          'review',
          reviewSchema,
        );
        const review = withReasonForRevision(object);
        emit({
          type: 'review-finish',
          task: task.id,
          attempt,
          round,
          review,
          reviewer: formatModelRef(result.identity.ref),
          sameFamily: result.identity.family === candidate.author.family,
        });
        await options.keep(round, { review });
        return { review, reviewer: result.identity };
      } catch (error) {
        if (isUnusableReply(error)) return 'review_unusable';
        throw error;
      }
    },

    /** Null when the correction could not be read or applied, even after its repair. */
    async correct(
      candidate: Candidate,
      findings: readonly Finding[],
      by: ModelIdentity,
      round: number,
    ): Promise<Candidate | null> {
      const chosen = formatModelRef(by.ref);
      emit({ type: 'correction-start', task: task.id, attempt, round, by: chosen });
      const others = router.decide('corrector');
      const model = router.model({
        role: 'corrector',
        chosen,
        reason: round <= 1 ? 'the author corrects first' : 'another model corrects from round 2 on',
        passedOver: [],
        fallbacks: [others.chosen, ...others.fallbacks].filter((other) => other !== chosen),
      });
      try {
        const corrected = await generateBundle(
          model,
          {
            role: 'corrector',
            parts: correctPrompt(context, candidate, findings),
            ...request('correct', round),
          },
          overlay(candidate.changes, options.base),
          options.codec,
        );
        const changes = new Map([...candidate.changes, ...corrected.changes]);
        return {
          bundle: mergedBundle(candidate, corrected, changes),
          changes,
          author: corrected.author,
        };
      } catch (error) {
        if (isUnusableReply(error)) return null;
        throw error;
      }
    },
  };
}

function mergedBundle(
  candidate: Candidate,
  corrected: Candidate,
  changes: Candidate['changes'],
): Candidate['bundle'] {
  return wholeBundle(changes, {
    tests: [...new Set([...candidate.bundle.tests, ...corrected.bundle.tests])],
    commands: [...new Set([...candidate.bundle.commands, ...corrected.bundle.commands])],
    notes: corrected.bundle.notes,
  });
}

/** A reply that asking someone else in the same breath would not mend; a person has to look. */
function isUnusableReply(error: unknown): boolean {
  return (
    error instanceof ModelError &&
    (error.kind === 'malformed' || error.kind === 'refused' || error.kind === 'truncated')
  );
}

/** Gates outrank the reviewer; a finding's severity, not the verdict, decides. */
function blockingFindings(gates: readonly GateResult[], review: Review): Finding[] {
  return [
    ...gates.filter((gate) => gate.status === 'failed').flatMap(gateFindings),
    ...review.findings.filter(isBlocking),
  ];
}

function gateFindings(gate: GateResult): readonly Finding[] {
  if (gate.findings.length > 0) return gate.findings;
  const { gate: category, summary: evidence } = gate;
  return [{ category, severity: 'blocker', evidence, location: null, fixHint: 'Make it pass.' }];
}

// «revise» without a finding would otherwise pass as approval.
function withReasonForRevision(review: Review): Review {
  if (review.verdict === 'accept' || review.findings.length > 0) return review;
  const finding: Finding = {
    category: 'review',
    severity: 'major',
    evidence: review.summary,
    location: null,
    fixHint: 'Do what the summary asks.',
  };
  return { ...review, findings: [finding] };
}

function fromPerson(feedback: string): Finding {
  return {
    category: 'feedback',
    severity: 'blocker',
    evidence: feedback,
    location: null,
    fixHint: 'Do what the person asks; this outranks every other finding.',
  };
}

function workKey(candidate: Candidate): string {
  const sorted = [...candidate.changes].sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}

function findingsKey(findings: readonly Finding[]): string {
  const plain = (text: string | null): string =>
    (text ?? '').toLowerCase().replace(/\s+/g, ' ').trim();
  const keys = findings.map(({ category, severity, location, evidence }) =>
    [category, severity, location, evidence].map(plain).join('|'),
  );
  return [...new Set(keys)].sort().join('\n');
}

const reasons: Record<StopReason, string> = {
  approved: 'The gates passed and the review found nothing that blocks.',
  rules_only: 'Written by rules without a model: a scaffold for a person to fill.',
  no_reviewer: 'No model that could review it is reachable.',
  gate_errored: 'A gate could not be run, so nothing shows that the work is sound.',
  no_progress: 'The last correction changed nothing, or met the same findings again.',
  round_cap: 'The last allowed review still found what blocks.',
  review_unusable: 'The reviewer’s reply could not be used.',
  correction_unusable: 'The correction could not be used.',
};

function stopped(
  stop: StopReason,
  candidate: Candidate,
  rounds: number,
  gates: readonly GateResult[] = [],
  review: Review | null = null,
  reviewer: ModelIdentity | null = null,
): Supervision {
  const approved = stop === 'approved';
  return { approved, stop, reason: reasons[stop], candidate, rounds, gates, review, reviewer };
}
