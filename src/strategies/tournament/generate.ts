import * as z from 'zod';
import { renderFencedBundle } from '../../text/bundle/fenced.ts';
import { wholeBundle, type Candidate } from '../../domain/candidate.ts';
import type { GateResult } from '../../domain/gate-result.ts';
import { ModelError, modelErrorKinds, replyFaults } from '../../domain/model-error.ts';
import type { RoutingDecision } from '../../domain/model-role.ts';
import { toSingleLine } from '../../domain/text.ts';
import { generateBundle } from '../../models/generate-bundle.ts';
import type { Assess, Contestant } from './assess.ts';
import { withDeadline, type Fault, type TournamentContext } from './context.ts';
import type { Lever } from './levers.ts';
import { candidatePrompt } from './prompts.ts';
import { readRecord, recordJson } from './tournament-record.ts';

/** A candidate that could not be had. */
export interface Dropped {
  readonly id: string;
  readonly fault: Fault;
}

export type Entry = { readonly lever: Lever } & (Contestant | Dropped);

/** The gate that holds a reply to the id that was asked for. */
export const identityGate = 'identity';

const droppedSchema = z.strictObject({ kind: z.enum(modelErrorKinds), message: z.string() });

/**
 * All candidates at once, each assessed as it arrives, in the order of the levers.
 * @throws InterruptedError
 */
export async function enterAll(
  levers: readonly Lever[],
  decision: RoutingDecision,
  assess: Assess,
  context: TournamentContext,
): Promise<Entry[]> {
  return Promise.all(
    levers.map(async (lever): Promise<Entry> => ({
      lever,
      ...(await enter(lever, decision, assess, context)),
    })),
  );
}

async function enter(
  lever: Lever,
  decision: RoutingDecision,
  assess: Assess,
  context: TournamentContext,
): Promise<Contestant | Dropped> {
  const { id } = lever;
  const { record, settings, signal } = context;
  const name = `candidates/${id}.dropped.json`;
  const chain = chainOf(lever, decision);
  const before = await readRecord(record, name, droppedSchema);
  const made =
    before === null
      ? await withDeadline((until) => generate(lever, chain, until, context), {
          signal,
          deadlineMs: settings.deadlineMs,
          model: chain.chosen,
        })
      : { fault: { ...before, error: new ModelError({ ...before, model: chain.chosen }) } };
  if ('fault' in made) {
    const { kind, message } = made.fault;
    if (before === null && replyFaults.has(kind)) await recordJson(record, name, { kind, message });
    context.emit({
      type: 'step-finish',
      task: context.task.id,
      of: 'tournament',
      step: 'candidate',
      name: id,
      outcome: 'dropped',
      detail: toSingleLine(message),
      data: { candidate: id, model: null, content: null },
    });
    return { id, fault: made.fault };
  }
  const { candidate, gates } = checkedIdentity(id, made.value);
  await record.write(
    `candidates/${id}.md`,
    renderFencedBundle(wholeBundle(candidate.changes, candidate.bundle)),
  );
  return assess(id, candidate, gates);
}

/** The models of the role, this candidate's first. */
function chainOf({ model }: Lever, decision: RoutingDecision): RoutingDecision {
  const models = [decision.chosen, ...decision.fallbacks];
  const [chosen = decision.chosen, ...fallbacks] = [
    ...models.slice(model),
    ...models.slice(0, model),
  ];
  return { ...decision, chosen, fallbacks };
}

function generate(
  lever: Lever,
  chain: RoutingDecision,
  signal: AbortSignal,
  context: TournamentContext,
): Promise<Candidate> {
  return generateBundle(
    context.meter.of(lever.id, context.router.model(chain)),
    {
      role: context.role,
      purpose: { ...context.purpose, candidate: lever.id },
      parts: candidatePrompt(context.parts, lever),
      maxOutputTokens: context.maxOutputTokens,
      signal,
      ...(lever.effort !== undefined && { effort: lever.effort }),
      ...(context.salt !== undefined && { salt: context.salt }),
    },
    context.base,
    context.codec,
  );
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
  const evidence = toSingleLine(`The reply names itself ${other}; it was asked for as ${id}.`);
  return {
    candidate: anonymous,
    gates: [
      {
        gate: identityGate,
        status: 'failed',
        summary: evidence,
        findings: [
          {
            category: 'contract',
            severity: 'blocker',
            evidence,
            location: null,
            fixHint: 'Answer the prompt that was given.',
          },
        ],
        durationMs: 0,
      },
    ],
  };
}

/** The fault that a tournament without a single candidate ends with. */
export function faultOfAll(dropped: readonly Dropped[]): Error {
  const faults = dropped.map(({ fault }) => fault);
  const [first] = [
    ...faults.filter(({ kind }) => kind === 'budget'),
    // What a fresh attempt may mend goes before what waits for a provider.
    ...faults.filter(({ kind }) => replyFaults.has(kind)),
    ...faults,
  ];
  return first?.error ?? new RangeError('There was no candidate to be had');
}
