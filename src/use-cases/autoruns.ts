import {
  AutorunNotAllowed,
  autorunGateName,
  unpermitted,
  withPermitted,
  type Autorun,
  type PermittedFile,
} from '../domain/autorun.ts';
import type { FileChanges } from '../domain/bundle.ts';
import { deliveredFiles } from '../domain/deliverable.ts';
import type { FeatureDocument } from '../domain/task.ts';
import { attemptOf } from '../executor/attempt.ts';
import { contentHash } from '../text/moved-file.ts';
import type { FileToApply } from '../workspace/applier.ts';
import type { Caller, Program, WorkParts } from './program.ts';

/** A feature whose approved work is looked at. */
interface About {
  readonly feature: string;
  readonly document: FeatureDocument;
  /** What the person has seen and said yes to. */
  readonly permitted: readonly PermittedFile[];
}

/**
 * What of approved work runs by itself, where it would be written, by the files that stand there. Who wants it
 * so is known from the tasks, from the gate that let it pass on this machine, and from a person's yes.
 */
export async function autorunsToApply(
  files: readonly FileToApply[],
  approved: FileChanges,
  { feature, document, permitted }: About,
  parts: Pick<WorkParts, 'autoruns' | 'workspace' | 'signal'>,
  program: Pick<Program, 'artefacts'>,
): Promise<Autorun[]> {
  const find = await parts.autoruns();
  const workspace = await parts.workspace();
  const before = new Map(files.map(({ target, before: text }) => [target, text]));
  const pathOf = new Map(files.map(({ path, target }) => [target, path]));
  const all = workspace.project();
  const found = await find({
    changes: new Map(
      files.map(({ path, target, after }) => {
        // As it was approved, before line ends are made those of this checkout.
        const text = approved.get(path);
        return [target, text === undefined ? after : text];
      }),
    ),
    tasks: document.tasks.filter(({ status }) => status === 'done'),
    before: async (path) => (before.has(path) ? (before.get(path) ?? null) : all.read(path)),
    files: async () => (await all.look(parts.signal)).files,
  });
  const known = await permittedBefore(feature, document.tasks, program);
  // A yes was for the path of the approved file: where a link leads elsewhere, it was for another place.
  const isSamePlace = ({ path }: Autorun): boolean => pathOf.get(path) === path;
  return [
    ...withPermitted(found.filter(isSamePlace), [...known, ...permitted]),
    ...withPermitted(
      found.filter((autorun) => !isSamePlace(autorun)),
      permitted,
    ),
  ];
}

/** The same of work as it is shown: of one task, or all that is approved. */
export async function autorunsShown(
  shown: {
    readonly feature: string;
    readonly document: FeatureDocument;
    /** Null: of all that are done. */
    readonly task: string | null;
    readonly changes: FileChanges;
    /** Texts of what is changed. */
    readonly before: FileChanges;
  },
  parts: Pick<WorkParts, 'autoruns' | 'workspace' | 'signal'>,
  program: Pick<Program, 'artefacts'>,
): Promise<Autorun[]> {
  const { feature, document, task, changes, before } = shown;
  const find = await parts.autoruns();
  const workspace = await parts.workspace();
  const all = task === null ? workspace.project() : workspace.base();
  const tasks = document.tasks.filter(({ id, status }) =>
    task === null ? status === 'done' : id === task,
  );
  const found = await find({
    changes,
    tasks,
    before: async (path) => (changes.has(path) ? (before.get(path) ?? null) : all.read(path)),
    files: async () => (await all.look(parts.signal)).files,
  });
  return withPermitted(found, await permittedBefore(feature, tasks, program));
}

/** What runs by itself among the files that tasks are planned to write: a plan that lists it asks for it. */
export async function autorunsPlanned(
  { feature, document }: Pick<About, 'feature' | 'document'>,
  program: Pick<Program, 'look'>,
  { signal }: Caller,
): Promise<readonly Autorun[]> {
  const find = await program.look(feature, signal).autoruns();
  return find({
    changes: new Map(document.tasks.flatMap(({ files }) => files.map((path) => [path, '']))),
    tasks: document.tasks,
    before: async () => null,
    files: async () => new Set(),
  });
}

/** @throws AutorunNotAllowed where some of it is what nobody wants */
export function refuseUnpermitted(feature: string, autoruns: readonly Autorun[]): void {
  const unasked = unpermitted(autoruns);
  if (unasked.length === 0) return;
  throw new AutorunNotAllowed(unasked, {
    look: `blueprint diff ${feature}`,
    command: `blueprint apply ${feature}`,
  });
}

/** What a person said yes to when they approved it, and what the gate let pass as asked for or allowed. */
async function permittedBefore(
  feature: string,
  tasks: FeatureDocument['tasks'],
  program: Pick<Program, 'artefacts'>,
): Promise<PermittedFile[]> {
  const permitted: PermittedFile[] = [];
  for (const task of tasks) {
    const attempt = task.status === 'done' ? attemptOf(feature, task, program) : null;
    if (attempt === null) continue;
    permitted.push(...(await attempt.permitted()));
    const outcome = await attempt.outcome();
    const passed = outcome?.result.gates.some(
      ({ gate, status }) => gate === autorunGateName && status === 'passed',
    );
    if (outcome === null || passed !== true) continue;
    for (const [path, content] of deliveredFiles(outcome.deliverable))
      permitted.push({ path, sha256: contentHash(content) });
  }
  return permitted;
}
