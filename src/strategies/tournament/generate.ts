import * as z from 'zod';
import type { Candidate } from '../../domain/candidate.ts';
import type { GateResult } from '../../domain/gate-result.ts';
import { ModelError, modelErrorKinds, replyFaults } from '../../domain/model-error.ts';
import type { RoutingDecision } from '../../domain/event.ts';
import type { Finding } from '../../domain/review.ts';
import { toSingleLine, withoutControls } from '../../domain/text.ts';
import { fanOut, withinDeadline, type Failure, type Outcome } from '../../supervisor/fan-out.ts';
import { filesText } from '../../supervisor/shown-work.ts';
import { recall, remember, type Step } from '../../supervisor/steps.ts';
import { askForBundle, emitStep, type Work } from '../../supervisor/work.ts';
import type { Assess, Contestant } from './assess.ts';
import type { TournamentContext } from './context.ts';
import type { Lever } from './levers.ts';
import { candidatePrompt } from './prompts.ts';

/** A candidate that could not be had. */
export interface Dropped {
  readonly id: string;
  readonly failure: Failure;
}

export type Entry = { readonly lever: Lever } & (Contestant | Dropped);

/** The gate that holds a reply to the id that was asked for. */
export const identityGate = 'identity';

const droppedSchema = z.strictObject({ kind: z.enum(modelErrorKinds), message: z.string() });

/**
 * All candidates at once, each assessed as it arrives; in the order of the levers.
 * @throws InterruptedError
 */
export function enterAll(
  levers: readonly Lever[],
  decision: RoutingDecision,
  assess: Assess,
  context: TournamentContext,
): Promise<Entry[]> {
  return fanOut(context.work, levers, async (lever, work): Promise<Entry> => ({
    lever,
    ...(await enter(work, lever, decision, assess, context)),
  }));
}

async function enter(
  work: Work,
  lever: Lever,
  decision: RoutingDecision,
  assess: Assess,
  context: TournamentContext,
): Promise<Contestant | Dropped> {
  const { id } = lever;
  const outcome = await generateOnce(work, lever, chainOf(lever, decision), context);
  if ('failure' in outcome) {
    emitStep(work, {
      of: 'tournament',
      step: 'candidate',
      name: id,
      outcome: 'dropped',
      detail: toSingleLine(outcome.failure.message),
      data: { candidate: id, model: null, content: null },
    });
    return { id, failure: outcome.failure };
  }
  const { candidate, gates } = checkedIdentity(id, outcome.value);
  await context.files.write(`candidates/${id}.md`, withoutControls(filesText(candidate, 'notes')));
  return assess(work, id, candidate, gates);
}

/** A candidate whose replies could not be used is not asked for again by a resumed tournament. */
async function generateOnce(
  work: Work,
  lever: Lever,
  chain: RoutingDecision,
  { prompt, role, files, deadline }: TournamentContext,
): Promise<Outcome<Candidate>> {
  const { id, effort } = lever;
  const step: Step<z.infer<typeof droppedSchema>> = {
    name: `candidates/${id}.dropped.json`,
    key: id,
    schema: droppedSchema,
  };
  const before = await recall(files, step);
  if (before !== null)
    return { failure: { ...before, error: new ModelError({ ...before, model: chain.chosen }) } };
  const { stage } = work.purpose;
  const parts = candidatePrompt(prompt, lever);
  const outcome = await withinDeadline(work, { name: chain.chosen, ...deadline }, (timed) =>
    askForBundle(timed, work.router.model(chain), { role, stage, candidate: id, parts, effort }),
  );
  if ('failure' in outcome && outcome.failure.error instanceof ModelError) {
    const { kind, message } = outcome.failure.error;
    if (replyFaults.has(kind)) await remember(files, step, { kind, message });
  }
  return outcome;
}

/** The models of the role, this candidate's first. */
function chainOf({ model }: Lever, decision: RoutingDecision): RoutingDecision {
  const models = [decision.chosen, ...decision.fallbacks];
  const [chosen = decision.chosen, ...fallbacks] = models
    .slice(model)
    .concat(models.slice(0, model));
  return { ...decision, chosen, fallbacks };
}

const nameLine = /^[ \t*_`#>]*CANDIDATE:[ \t*_`]*([\w-]+).*\n?/gim;

/** The candidate without the line that names it; one that names itself otherwise fails a check. */
export function checkedIdentity(
  id: string,
  candidate: Candidate,
): { candidate: Candidate; gates: GateResult[] } {
  const { notes } = candidate.bundle;
  const other = [...notes.matchAll(nameLine)]
    .map(([, name = '']) => name)
    .find((name) => name.toUpperCase() !== id.toUpperCase());
  const anonymous = {
    ...candidate,
    bundle: { ...candidate.bundle, notes: notes.replace(nameLine, '').trim() },
  };
  if (other === undefined) return { candidate: anonymous, gates: [] };
  const summary = toSingleLine(`The reply names itself ${other}; it was asked for as ${id}.`);
  const finding: Finding = {
    category: 'contract',
    severity: 'blocker',
    evidence: summary,
    location: null,
    fixHint: 'Answer the prompt that was given.',
  };
  const gate = {
    gate: identityGate,
    status: 'failed',
    findings: [finding],
    durationMs: 0,
  } as const;
  return { candidate: anonymous, gates: [{ ...gate, summary }] };
}
