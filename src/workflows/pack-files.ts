import type { ReadBase } from '../domain/candidate.ts';
import { BlueprintError } from '../domain/errors.ts';
import { pathProblem } from '../domain/safe-path.ts';
import type { Task } from '../domain/task.ts';
import { estimateTokens } from '../domain/text.ts';
import { isSecretFile, secretByName } from '../files/secret-files.ts';
import type { Project, RelatedFile, WorkOnFiles } from '../repository/project.ts';
import { fenced } from '../text/fence.ts';
import { once } from '../text/once.ts';
import { fillPack } from './fill-pack.ts';
import type { TokenBudget } from './token-budget.ts';

/** A file that a task's prompt shows. */
export interface PackedFile {
  readonly path: string;
  /** Whole, in pieces, or by its signatures alone. */
  readonly form: 'whole' | 'excerpt' | 'outline';
  /** Why it is there, in words. */
  readonly reason: string;
  /** As the prompt holds it. */
  readonly text: string;
}

export interface HiddenFile {
  readonly path: string;
  readonly reason: string;
  /** It is there, and the budget has room for its name. */
  readonly isNamed: boolean;
}

/** The project, with a way to read it that work does not stand on. */
export interface RepositorySources {
  readonly project: Project;
  readonly look: ReadBase;
  /** Of the budget at most, for files that the work does not name. */
  readonly relatedTokens: number;
}

export interface FileSources extends Omit<RepositorySources, 'project'> {
  readonly base: ReadBase;
  /** Null where the project is not looked at. */
  readonly project: Project | null;
}

export const notShownHeading = '# Existing files that are not shown';
export const notShownRule = 'Never give one of them whole.';

/**
 * The files of a task: those that it names and that it made before, then those of the tasks before it, then
 * what has to do with them, as far as the budget goes.
 * @param produced paths of what the tasks before it made, the nearest first.
 */
export async function packFiles(
  task: Task,
  produced: ReadonlySet<string>,
  { base, look, project, relatedTokens }: FileSources,
  budget: TokenBudget,
): Promise<{ shown: PackedFile[]; hidden: HiddenFile[] }> {
  const shown: PackedFile[] = [];
  const hidden: HiddenFile[] = [];
  const hide = (path: string, reason: string): void => {
    const first = hidden.every(({ isNamed }) => !isNamed);
    const line = hiddenLine({ path, reason });
    const text = first ? [notShownHeading, line, notShownRule].join('\n\n') : line;
    hidden.push({ path, reason, isNamed: budget.takes(text) });
  };
  // A task that is done again works on what it made before.
  const own = (task.result?.files ?? []).map(({ path }) => path);
  const named = new Set([...task.files, ...own]);
  const first = new Set([...named, ...produced]);
  for (const path of first) {
    if (isSecretFile(path)) {
      hide(path, secretByName);
      continue;
    }
    const read = await readOrReason(path, base);
    if ('reason' in read) {
      hide(path, read.reason);
    } else if (read.content === null) {
      // A file that the task is to create is not there yet.
      if (produced.has(path))
        hidden.push({ path, reason: 'not there as approved text', isNamed: false });
    } else {
      const text = fileText(path, read.content);
      const why = named.has(path) ? 'named by the task' : 'made by a task before it';
      const reason = `over the budget (about ${estimateTokens(text)} tokens)`;
      if (budget.takes(text)) shown.push({ path, form: 'whole', reason: why, text });
      else hide(path, reason);
    }
  }
  if (project !== null && !(await project.isEmpty())) {
    const work = { named: [...named], produced: [...produced], text: ownWords(task) };
    shown.push(...(await packRelated(work, { project, look, relatedTokens }, budget)));
  }
  return { shown, hidden };
}

/** Files that have to do with work and that it does not name, as far as the budget goes. */
export async function packRelated(
  work: WorkOnFiles,
  { project, look, relatedTokens }: RepositorySources,
  budget: TokenBudget,
): Promise<PackedFile[]> {
  const first = new Set([...work.named, ...work.produced]);
  const related = await project.around(work, look);
  // A name that no task may give could say anything in a prompt.
  const others = related.filter(
    ({ path }) => !first.has(path) && !isSecretFile(path) && pathProblem(path) === null,
  );
  return relatedFiles(others, project, look, budget, relatedTokens);
}

/** A task's own words, without those of its form. */
function ownWords({ title, description, acceptance }: Task): string {
  return [title, description, ...acceptance].join('\n');
}

/** What the files that a task names take, in tokens, each once. */
export async function namedTokens(task: Task, base: ReadBase): Promise<number> {
  let tokens = 0;
  for (const path of new Set(task.files)) {
    if (isSecretFile(path)) continue;
    const read = await readOrReason(path, base);
    if ('content' in read && read.content !== null)
      tokens += estimateTokens(`\n\n${fileText(path, read.content)}`);
  }
  return tokens;
}

/** As much as fits of the files that have to do with a task. */
async function relatedFiles(
  related: readonly RelatedFile[],
  project: Project,
  look: ReadBase,
  budget: TokenBudget,
  most: number,
): Promise<PackedFile[]> {
  const reasons = new Map(related.map(({ path, reason }) => [path, reason]));
  const textOf = async (path: string): Promise<string | null> => {
    const read = await readOrReason(path, look);
    return 'reason' in read ? null : read.content;
  };
  const candidates = related.map(({ path, reason }) => {
    const textNow = once(() => textOf(path));
    return {
      path,
      whole: async () => {
        const text = await textNow();
        return text === null ? null : fileText(path, text, reason);
      },
      outline: async () => {
        const outline = await project.outline(path, (await textNow()) ?? '');
        return outline === '' ? null : fileText(path, outline, reason);
      },
    };
  });
  const room = budget.left() - estimateTokens(`\n\n${outlinesHeading}`);
  const filled = await fillPack(candidates, Math.min(room, most));
  for (const { text } of filled) budget.takes(text);
  return filled.map((file) => ({ ...file, reason: reasons.get(file.path) ?? '' }));
}

export const outlinesHeading = `# Existing files by their signatures alone

To change one of them, say so in a line of notes; never give one of them whole.`;

export function fileText(path: string, content: string, reason?: string): string {
  const why = reason === undefined ? '' : `(${reason})\n`;
  return `FILE: ${path}\n${why}${fenced(content)}`;
}

export function hiddenLine({ path, reason }: Pick<HiddenFile, 'path' | 'reason'>): string {
  return `- ${path}: ${reason}`;
}

/** A file that may not be read, as one behind a link out of the project, is left out like any other. */
async function readOrReason(
  path: string,
  base: ReadBase,
): Promise<{ content: string | null } | { reason: string }> {
  try {
    return { content: await base(path) };
  } catch (error) {
    if (error instanceof BlueprintError) return { reason: error.message };
    throw error;
  }
}
