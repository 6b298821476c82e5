import * as z from 'zod';
import type { FileChanges } from './bundle.ts';
import type { ReadBase } from './candidate.ts';
import { BlueprintError, ExitCode } from './errors.ts';
import type { GateResult } from './gate-result.ts';
import { pathKey } from './safe-path.ts';
import type { Task } from './task.ts';
import { toSingleLine } from './text.ts';

/** What starts a file without anybody calling it; a closed list, scripts may rely on the names. */
export const autorunKinds = [
  'ci',
  'hook',
  'shell',
  'editor',
  'agent',
  'install',
  'packages',
  'git',
  'repository',
  'startup',
  'system',
  'program',
] as const;
export type AutorunKind = (typeof autorunKinds)[number];

/** A change to what runs by itself. */
export interface Autorun {
  readonly path: string;
  readonly kind: AutorunKind;
  /** For people, about the file, as `git runs it at commits`. */
  readonly says: string;
  /** Of the file's text as it is to be; null: it goes. */
  readonly sha256: string | null;
  /** Who wants it so: the task, the config or this command's option, a person who said yes. Null: nobody. */
  readonly permittedBy: 'task' | 'config' | 'person' | null;
}

/** The gate that keeps work from approval where nobody permitted one. */
export const autorunGateName = 'autorun';

export interface AutorunWork {
  readonly changes: FileChanges;
  /** A file as it was before. */
  readonly before: ReadBase;
  /** All files as they were before; asked for where it matters alone. */
  readonly files: () => Promise<ReadonlySet<string>>;
  /** The tasks whose work it is. */
  readonly tasks: readonly Pick<
    Task,
    'title' | 'description' | 'acceptance' | 'files' | 'result'
  >[];
  /** What a person asked for besides, in their own words. */
  readonly words?: string | undefined;
}

/** Names what in a piece of work runs by itself, sorted by path. */
export type FindAutoruns = (work: AutorunWork) => Promise<readonly Autorun[]>;

/** What a person said yes to: a file with this content, under this path. */
export const permittedFileSchema = z.strictObject({
  path: z.string(),
  sha256: z.string().nullable(),
});
export type PermittedFile = Readonly<z.infer<typeof permittedFileSchema>>;

/** The same list, with a person's yes where there was one to this very content. */
export function withPermitted(
  autoruns: readonly Autorun[],
  permitted: readonly PermittedFile[],
): Autorun[] {
  const known = new Set(permitted.map(keyOf));
  return autoruns.map((found) =>
    found.permittedBy === null && known.has(keyOf(found))
      ? { ...found, permittedBy: 'person' }
      : found,
  );
}

function keyOf({ path, sha256 }: PermittedFile): string {
  return `${sha256} ${pathKey(path)}`;
}

export function unpermitted(autoruns: readonly Autorun[]): Autorun[] {
  return autoruns.filter(({ permittedBy }) => permittedBy === null);
}

const permissions = {
  task: 'asked for by the task',
  config: 'allowed by you',
  person: 'allowed by you',
} as const;

/** As `.husky/pre-commit: git runs it at commits (asked for by the task)`. */
export function autorunText({ path, says, permittedBy }: Autorun): string {
  const by = permittedBy === null ? 'nobody asked for it' : permissions[permittedBy];
  return toSingleLine(`${path}: ${says} (${by})`, 600);
}

/** Work holds what runs by itself, which nobody asked for: a person has to say yes to exactly this. */
export class AutorunNotAllowed extends BlueprintError {
  readonly autoruns: readonly Autorun[];

  /** @param command that allows it, without the option that does */
  constructor(autoruns: readonly Autorun[], { look, command }: { look: string; command: string }) {
    const [first, ...others] = autoruns;
    const message = ({ path, says }: Autorun): string => toSingleLine(`${path}: ${says}`, 600);
    const paths = [...new Set(autoruns.map(({ path }) => path))];
    const shown = paths.length === 1 ? shellWord(paths[0] ?? '') : "'*'";
    super({
      code: 'autorun-not-allowed',
      message: `It holds what runs by itself, and nobody asked for it: ${first === undefined ? '' : message(first)}`,
      ...(first !== undefined && { target: first.path }),
      fix: `Look at it: ${look}. If you want it: ${command} --allow-autorun ${shown}`,
      exitCode: ExitCode.needsReview,
      others: others.slice(0, 50).map((found) => ({
        code: 'autorun-not-allowed',
        message: message(found),
        target: found.path,
      })),
    });
    this.autoruns = autoruns;
  }
}

/** Of what the gate found: the paths of what nobody asked for, sorted; none where it passed. */
export function unpermittedPaths(gates: readonly GateResult[]): string[] {
  const failed = gates.filter(
    ({ gate, status }) => gate === autorunGateName && status === 'failed',
  );
  const paths = failed.flatMap(({ findings }) =>
    findings.flatMap(({ severity, location }) =>
      severity === 'blocker' && location !== null ? [location] : [],
    ),
  );
  return [...new Set(paths)].sort();
}

function shellWord(path: string): string {
  return /^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
