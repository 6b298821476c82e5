import type { EnsemblePlan } from '../domain/ensemble.ts';
import { checkModelNames, planOf, type Wanted } from './ask-plan.ts';
import type { Caller, Program } from './program.ts';

export type RouteInput = Wanted & { readonly question: string };

/** Whom `ask` would ask. Makes no call. @throws BlueprintError `no-model`, `provider-unknown` */
export async function route(
  { question, ...wanted }: RouteInput,
  program: Program,
  { signal }: Caller,
): Promise<EnsemblePlan> {
  checkModelNames(wanted.models, program.config);
  const pool = await program.pool(wanted.models, signal);
  return planOf(question, wanted, pool, program.config);
}
