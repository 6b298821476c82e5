import {
  AutorunNotAllowed,
  autorunGateName,
  autorunText,
  unpermitted,
  type Autorun,
  type FindAutoruns,
} from '../domain/autorun.ts';
import type { FileChanges } from '../domain/bundle.ts';
import { BlueprintError } from '../domain/errors.ts';
import { failedOrErroredGates, type GateResult } from '../domain/gate-result.ts';
import type { Task, TaskResult } from '../domain/task.ts';
import { toSingleLine } from '../domain/text.ts';
import { contentHash } from '../text/moved-file.ts';
import type { WorkspaceBase } from '../workspace/workspace.ts';

/** What of a task's work runs by itself. */
export function autorunsOf(
  task: Task,
  changes: FileChanges,
  base: Pick<WorkspaceBase, 'read' | 'look'>,
  { findAutoruns, signal }: { readonly findAutoruns: FindAutoruns; readonly signal: AbortSignal },
): Promise<readonly Autorun[]> {
  return findAutoruns({
    changes,
    tasks: [task],
    before: (path) => base.read(path),
    files: async () => (await base.look(signal)).files,
  });
}

/** The gate's result where the person has said yes to all that it says no to. */
export function orPermitted(gate: GateResult, autoruns: readonly Autorun[]): GateResult {
  if (!isAutorunFailure(gate)) return gate;
  const listed = autoruns.map(autorunText).join('; ');
  return {
    ...gate,
    status: 'passed',
    summary: toSingleLine(`what runs by itself: ${listed}`, 500),
  };
}

export function isAutorunFailure({ gate, status }: GateResult): boolean {
  return gate === autorunGateName && status === 'failed';
}

/** @throws AutorunNotAllowed */
export function refuseUnpermitted(slug: string, id: string, autoruns: readonly Autorun[]): void {
  const unasked = unpermitted(autoruns);
  if (unasked.length === 0) return;
  throw new AutorunNotAllowed(unasked, {
    look: `blueprint diff ${slug} ${id}`,
    command: `blueprint approve ${slug} ${id}`,
  });
}

/** A person who approves work has judged what nobody else has: their yes is the mark. */
export function criteriaSeen({ result }: Task, changes: FileChanges): Partial<TaskResult> {
  const criteria = result?.criteria;
  if (criteria === undefined) return {};
  return {
    criteria: criteria.map((one) => {
      const isKept = one.test !== null && contentHash(changes.get(one.test) ?? null) === one.sha256;
      return one.by === 'elsewhere' || (one.by === 'test' && isKept)
        ? one
        : { ...one, by: 'person' as const };
    }),
  };
}

/** For people: who approved it, and in spite of what. */
export function approvalReason(
  edited: readonly string[],
  merged: readonly string[],
  wanted: readonly Autorun[],
  gates: readonly GateResult[],
  blocking: ReadonlySet<string>,
): string {
  const overruled = failedOrErroredGates(gates, blocking).map(
    ({ gate, status }) => `${gate} (${status})`,
  );
  const who = edited.length === 0 ? '' : `, who edited ${edited.join(', ')}`;
  const inSpite = overruled.length === 0 ? '' : `, in spite of ${overruled.join(', ')}`;
  const newer = merged.length === 0 ? '' : `, merged with newer changes of ${merged.join(', ')}`;
  const paths = [...new Set(wanted.map(({ path }) => path))];
  const allowed =
    paths.length === 0 ? '' : `, who allowed what runs by itself: ${paths.join(', ')}`;
  return `Approved by a person${who}${newer}${inSpite}${allowed}.`;
}

/** Unsafe paths are never accepted; other failures only when a person insists. */
export function refuseFailedGates(
  slug: string,
  id: string,
  gates: readonly GateResult[],
  force: boolean,
  blocking: ReadonlySet<string>,
): void {
  const final = failedOrErroredGates(gates, blocking).filter(
    ({ gate }) => gate === 'paths' || !force,
  );
  if (final.length === 0) return;
  const said = final.map(({ gate, status, summary }) => `${gate} ${status} (${summary})`);
  const forcible = final.every(({ gate }) => gate !== 'paths');
  throw new BlueprintError({
    code: 'gates-failed',
    message: `Task ${id} did not pass its gates: ${said.join(', ')}`,
    target: `${slug}/${id}`,
    fix: `Edit its files (NAME.draft) below partial/${id}, send it back with blueprint reject${forcible ? ', or approve with --force' : ''}`,
  });
}
