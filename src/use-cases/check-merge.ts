import { wholeBundle } from '../domain/candidate.ts';
import { BlueprintError } from '../domain/errors.ts';
import { failedGates, gateSummaries, type GateResult } from '../domain/gate-result.ts';
import type { FeatureDocument, Task } from '../domain/task.ts';
import type { MergedFile } from '../workspace/applier.ts';
import type { Session } from './program.ts';

/** What the result can be wrong in, beside the work and the user's changes by themselves. */
const judging: ReadonlySet<string> = new Set(['syntax', 'tests', 'commands']);

/** Of a person: they are not asked about their own lines. */
const person = { ref: { provider: 'person', model: 'by-hand' }, family: 'person' };

/** Runs the gates on files that hold the user's changes and those of the work, over all approved work. */
export async function checkMerge(
  merged: readonly MergedFile[],
  feature: string,
  { tasks }: FeatureDocument,
  session: Session,
): Promise<readonly GateResult[]> {
  const changes = new Map(merged.map(({ path, after }) => [path, after]));
  const isOf = ({ result }: Task): boolean =>
    (result?.files ?? []).some(({ path }) => changes.has(path));
  const task = tasks.findLast(isOf) ?? tasks.at(-1);
  if (task === undefined) return [];
  const { checkGates } = await session.gates();
  const bundle = wholeBundle(changes, { tests: [], commands: [], notes: '' });
  const gates = await checkGates(
    {
      task,
      candidate: { bundle, changes, author: person },
      base: (await session.workspace()).base(),
      keep: (name, text) => session.artefacts.write(feature, `partial/merged/${name}`, text),
      forPerson: true,
    },
    session.signal,
  );
  return gates.filter(({ gate }) => judging.has(gate));
}

/** @throws BlueprintError `gates-failed`: nothing is written */
export function refuseFailedMerge(feature: string, gates: readonly GateResult[]): void {
  const failed = failedGates(gates);
  if (failed.length === 0) return;
  throw new BlueprintError({
    code: 'gates-failed',
    message: `Your changes and those of the work do not go together: ${gateSummaries(failed)}; nothing is written`,
    target: feature,
    fix: `Look at both: blueprint apply ${feature} --merge --check. Change your files, or write it as it is: blueprint apply ${feature} --merge --force`,
  });
}
