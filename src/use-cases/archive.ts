import { BlueprintError, orNull } from '../domain/errors.ts';
import { isSettled } from '../domain/task.ts';
import { workState } from './apply.ts';
import type { Caller, Program } from './program.ts';

interface OfFeature {
  readonly feature: string;
}

/** What a feature holds that its folder alone keeps. */
export interface Holdings {
  /** Ids of tasks that are not settled. */
  readonly unsettled: readonly string[];
  /** How many approved files are not in the project; null where that cannot be found out. */
  readonly unapplied: number | null;
  /** Where approved work is, in words; null where that cannot be found out. */
  readonly place: string | null;
  /** The branch that holds approved work, which neither an archive nor a deletion touches; null for none. */
  readonly branch: string | null;
}

/**
 * What would be put aside or lost with a feature. Looks at one that is broken or not planned, too.
 * @throws BlueprintError `feature-not-found`, `feature-in-use`
 */
export async function holdings(
  { feature }: OfFeature,
  program: Program,
  caller: Caller,
): Promise<Holdings> {
  await refuseMissingOrInUse(feature, program, caller);
  const document = await orNull(program.store.read(feature));
  const unsettled = (document?.tasks ?? [])
    .filter(({ status }) => !isSettled(status))
    .map(({ id }) => id);
  const work = await orNull(workState({ feature }, program, caller));
  if (work === null) return { unsettled, unapplied: null, place: null, branch: null };
  const { state, files, place } = work;
  const { kind } = await program.look(feature, caller.signal).workspace();
  return {
    unsettled,
    unapplied: state === 'ready' || state === 'blocked' ? files : 0,
    place,
    branch: kind === 'git' && state !== 'nothing' ? place.replace(/^branch /, '') : null,
  };
}

/** Puts a feature aside. @returns where it is now. @throws BlueprintError as `holdings`; `archive-exists` */
export async function archive(
  { feature }: OfFeature,
  program: Program,
  caller: Caller,
): Promise<string> {
  await refuseMissingOrInUse(feature, program, caller);
  return program.archive.put(feature);
}

/** Takes one back. @throws BlueprintError `not-archived`, `feature-exists` */
export function restore({ feature }: OfFeature, { archive: kept }: Program): Promise<void> {
  return kept.restore(feature);
}

/** Deletes a feature for good. @throws BlueprintError as `holdings` */
export async function remove(
  { feature }: OfFeature,
  program: Program,
  caller: Caller,
): Promise<void> {
  await refuseMissingOrInUse(feature, program, caller);
  await program.archive.remove(feature);
}

/** Nobody's work is taken from below their hands. */
async function refuseMissingOrInUse(
  feature: string,
  program: Program,
  caller: Caller,
): Promise<void> {
  if (!(await program.features()).includes(feature)) await program.store.get(feature);
  const { leases, artefacts } = program.look(feature, caller.signal);
  const names = await artefacts.list(feature, 'leases');
  for (const name of names.filter((one) => one.endsWith('.json'))) {
    const taken = await leases.take(feature, name.slice(0, -'.json'.length), '');
    if ('lease' in taken) {
      await taken.lease.release({ unused: true });
      continue;
    }
    throw new BlueprintError({
      code: 'feature-in-use',
      message: `Feature «${feature}» is being worked on by ${taken.heldBy}`,
      target: feature,
      fix: 'Wait for it to end, or stop it with Ctrl-C there.',
    });
  }
}
