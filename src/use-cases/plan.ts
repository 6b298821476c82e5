import { checkFeatureName, deriveFeatureName } from '../pipeline/feature-slug.ts';
import { planFeature, type PlanOutcome } from '../pipeline/plan-feature.ts';
import type { Ask, ContextFile } from '../pipeline/ports.ts';
import { planArtefacts } from './plan-artefacts.ts';
import type { Caller, Program } from './program.ts';
import { refuseSecrets } from './refuse-secrets.ts';

export type { ContextFile };

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

/** Brief → spec → task list, saved step by step. @throws BlueprintError as `planFeature`; ModelError */
export function plan(
  { feature, ...input }: PlanInput,
  program: Program,
  { ask, ...caller }: PlanCaller,
): Promise<PlanOutcome> {
  refuseSecrets('The brief', input.brief, program.redactor);
  const { store, now } = program;
  return program.inFolder({ feature, isNew: true }, caller, async (session) =>
    planFeature(
      { ...input, slug: feature, ask: ask ?? null },
      {
        ...session,
        artefacts: planArtefacts(feature, session.artefacts, store),
        router: await session.router(),
        rules: await session.rulesPlanner(),
        now,
      },
    ),
  );
}
