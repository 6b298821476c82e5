import { checkFeatureName, deriveFeatureName } from '../pipeline/feature-slug.ts';
import { withLease } from '../executor/by-hand.ts';
import { usableSpec } from '../executor/spec-state.ts';
import { planAgain, type PlanAgainOutcome } from '../pipeline/plan-again.ts';
import { planFeature, type PlanOutcome } from '../pipeline/plan-feature.ts';
import { BlueprintError } from '../domain/errors.ts';
import type { FeatureDocument } from '../domain/task.ts';
import { toSingleLine } from '../domain/text.ts';
import { jsonText } from '../text/json-as.ts';
import type { Ask, ContextFile, DebatedSpec, PlanPorts } from '../pipeline/ports.ts';
import type { CostReport } from '../report/cost.ts';
import { countedCost } from './counted-cost.ts';
import { planArtefacts } from './plan-artefacts.ts';
import type { Caller, Program, Session } from './program.ts';
import { refuseSecrets } from './refuse-secrets.ts';

export type { ContextFile, PlanAgainOutcome };

export interface PlanInput {
  /** As `featureName` gives it. */
  readonly feature: string;
  readonly brief: string;
  /** The brief already is the spec. */
  readonly isSpec: boolean;
  readonly context: readonly ContextFile[];
}

export interface PlanCaller extends Caller {
  /** Puts questions on an unclear brief to a person; without it nobody can be asked. */
  readonly ask?: Ask | undefined;
}

/** The name that a feature gets: the given one, or one made from the brief. @throws BlueprintError `feature-name` */
export function featureName(brief: string, name: string | null): string {
  return name === null ? deriveFeatureName(brief) : checkFeatureName(name);
}

/** A plan, with what the calls for it have cost. */
export type Planned<Outcome> = Outcome & { readonly cost: CostReport };

export interface PlanAgainInput {
  readonly feature: string;
  readonly context: readonly ContextFile[];
}

/**
 * Plans what a changed spec asks for, and keeps what stands; null when the spec is as it was planned.
 * @throws BlueprintError as `planAgain`, `usableSpec`; `task-leased`; ModelError
 */
export async function planAnew(
  { feature, context }: PlanAgainInput,
  program: Program,
  caller: Caller,
): Promise<Planned<PlanAgainOutcome> | null> {
  const { counted, report } = await countedCost(caller, program);
  const outcome = await program.inFolder({ feature }, counted, async (session) => {
    const document = await program.store.get(feature);
    const { spec, changes } = await usableSpec(feature, document, session.artefacts);
    if (changes === null) return null;
    // What a live run works on is not changed below its hands.
    for (const { id, status } of document.tasks)
      if (status === 'in_progress') await withLease(feature, id, session, async () => undefined);
    return planAgain(
      { slug: feature, spec, document, changes, context },
      await planPorts(feature, session, program),
    );
  });
  return outcome === null ? null : { ...outcome, cost: report() };
}

/** Brief → spec → task list, saved step by step. @throws BlueprintError as `planFeature`; ModelError */
export async function plan(
  { feature, ...input }: PlanInput,
  program: Program,
  { ask, ...caller }: PlanCaller,
): Promise<Planned<PlanOutcome>> {
  refuseSecrets('The brief', input.brief, program.redactor);
  const { counted, report } = await countedCost(caller, program);
  const outcome = await program.inFolder({ feature, isNew: true }, counted, async (session) => {
    const ports = await planPorts(feature, session, program);
    const artefacts = {
      ...ports.artefacts,
      // Before the list, which ends the planning: nothing comes back for it afterwards.
      async saveTaskList(document: FeatureDocument) {
        await session.keepManifest(input);
        await ports.artefacts.saveTaskList(document);
      },
    };
    const debated = program.config.debate.when === 'always' && {
      debate: (spec: string) => debateSpec(feature, spec, program, counted),
    };
    const asked = { ...input, slug: feature, ask: ask ?? null };
    return planFeature(asked, { ...ports, artefacts, ...debated });
  });
  return { ...outcome, cost: report() };
}

/** Null where no models for it can be reached. */
async function debateSpec(
  feature: string,
  spec: string,
  program: Program,
  caller: Caller,
): Promise<DebatedSpec | null> {
  const { debate, debateByConfig } = await import('./debate.ts');
  try {
    const input = { ...debateByConfig, proposal: spec, feature };
    const { id, position } = await debate(input, program, caller);
    const { verdict, decisions, actions, dissent } = position;
    const words = { verdict, actions, decisions, dissent };
    return {
      id,
      verdict,
      decisions: decisions.map(({ question }) => toSingleLine(question)),
      words: jsonText(words),
    };
  } catch (error) {
    if (error instanceof BlueprintError && error.code === 'no-model') return null;
    throw error;
  }
}

async function planPorts(
  feature: string,
  session: Session,
  { store, now, config }: Program,
): Promise<PlanPorts> {
  const { mapTokens, lookFiles } = config.repository;
  const known = await session.project();
  return {
    ...session,
    artefacts: planArtefacts(feature, session.artefacts, store),
    router: await session.router(),
    rules: await session.rulesPlanner(),
    now,
    project: known === null ? null : { known, mapTokens, lookFiles },
  };
}
