import type { ReadBase } from '../domain/candidate.ts';
import type { FeatureDocument, Task } from '../domain/task.ts';
import { estimateTokens } from '../domain/text.ts';
import { cachedPart, userPart, type MessagePart } from '../models/language-model.ts';
import { fenced } from '../text/fence.ts';
import {
  hiddenLine,
  namedTokens,
  notShownHeading,
  notShownRule,
  outlinesHeading,
  packFiles,
  packRelated,
  type HiddenFile,
  type PackedFile,
  type RepositorySources,
} from './pack-files.ts';
import { packNamed } from './pack-named.ts';
import { packagePart } from './package-part.ts';
import type { Sources } from './rag/sources.ts';
import { sharedSpec } from './shared-spec.ts';
import { requirementText, taskText } from './task-text.ts';
import { createBudget, type TokenBudget } from './token-budget.ts';

/** What a task's author and reviewers are shown, and what had to be left out. */
export interface ContextPack {
  readonly parts: readonly MessagePart[];
  readonly tokens: number;
  /** With the reason, for people. */
  readonly leftOut: readonly string[];
  /** Paths of files that exist, or should, and are not shown. */
  readonly hiddenFiles: readonly string[];
  /** Files that are shown, each with the reason, in their order. */
  readonly files: readonly Omit<PackedFile, 'text'>[];
  /** Paths of the files that are shown whole. */
  readonly shownFiles: readonly string[];
}

/** What of the project goes along with words that belong to no feature. */
export type ProjectPack = Pick<ContextPack, 'parts' | 'tokens' | 'leftOut' | 'files'>;

/** What the first prompt of an attempt is made from. */
export interface PromptSources {
  readonly document: FeatureDocument;
  /** The text of `spec.md`; empty where there is none. */
  readonly spec: string;
  readonly base: ReadBase;
  /** The project with a way to read it that the work does not stand on; absent where it is not looked at. */
  readonly repository?: RepositorySources | null;
  /** What of the project goes along where it is not looked at. */
  readonly named?: ProjectPack | null;
  /** Where an answer is looked for, in place of the project. */
  readonly answerFrom?: Sources | null;
}

/** Of the budget: what the files that the task names have before the spec, and the project's map at most. */
const namedShare = 0.3;
const mapShare = 0.08;
const mostMapTokens = 2_500;

/**
 * Builds the pack under a budget of tokens. Order of importance: the task and its requirements, which are
 * always shown, the shared sections of the spec, files that the task names, files of its dependencies, files
 * that have to do with these. Order in the prompt: what all tasks share first.
 * @param produced paths of what the tasks before it made, the nearest first.
 */
export async function packContext(
  task: Task,
  { document, spec, base, repository = null, named = null }: PromptSources,
  produced: ReadonlySet<string>,
  budgetTokens: number,
): Promise<ContextPack> {
  const own = userPart('task', `# The task\n\n${fenced(taskText(task))}`);
  const requirements = userPart(
    'requirements',
    `# Requirements it serves\n\n${requirementsFor(task, document)}`,
  );
  const title = `# The feature: ${document.title}`;
  const project = repository === null ? null : await projectPart(spec, repository, budgetTokens);
  const packages = repository === null ? null : await packagePart(task, repository.project);
  const fixed = [
    title,
    fenced(''),
    own.text,
    requirements.text,
    filesHeading,
    ...[project, packages].map((part) => part?.text ?? ''),
  ];
  const budget = createBudget(budgetTokens - sum(fixed.map(estimateTokens)) - (named?.tokens ?? 0));
  const reserved = Math.min(budgetTokens * namedShare, await namedTokens(task, base));
  const { sections, leftOut } = specSections(spec, budget, reserved);
  const sources = {
    base,
    look: repository?.look ?? base,
    project: repository?.project ?? null,
    relatedTokens: repository?.relatedTokens ?? 0,
  };
  const { shown, hidden } = await packFiles(task, produced, sources, budget);

  const parts = [
    cachedPart(
      'spec',
      sections.length === 0 ? title : `${title}\n\n${fenced(sections.join('\n\n'))}`,
    ),
    ...(project === null ? [] : [project]),
    ...(named?.parts ?? []),
    ...shownParts(shown),
    ...notShownPart(hidden),
    ...(packages === null ? [] : [packages]),
    requirements,
    own,
  ];
  return {
    parts,
    tokens: sum(parts.map(({ text }) => estimateTokens(text))),
    leftOut: [...leftOut, ...hidden.map(({ path, reason }) => `${path}: ${reason}`)],
    hiddenFiles: hidden.map(({ path }) => path),
    files: [...(named?.files ?? []), ...shown.map(withoutText)],
    shownFiles: shown.flatMap(({ path, form }) => (form === 'whole' ? [path] : [])),
  };
}

/**
 * What of the project goes along with words alone, in a prompt before them: the files that they name; where it
 * is to be searched, a map and the files that fit them, too.
 * @param shown files that the prompt holds already
 * @param room in tokens, for all of it
 */
export async function packProject(
  words: string,
  shown: readonly string[],
  sources: RepositorySources & { readonly isSearched: boolean },
  room: number,
): Promise<ProjectPack> {
  const map = sources.isSearched ? await projectPart(words, sources, room) : null;
  const headings = [filesHeading, excerptsHeading, outlinesHeading, map?.text ?? ''];
  const budget = createBudget(room - sum(headings.map(estimateTokens)));
  const { packed, leftOut } = await packNamed(words, shown, sources, budget);
  const known = [...shown, ...packed.map(({ path }) => path)];
  const work = { named: known, produced: [], text: words };
  const related = map === null ? [] : await packRelated(work, sources, budget);
  const files = [...packed, ...related];
  const parts = [...(map === null ? [] : [map]), ...shownParts(files)];
  return {
    parts,
    tokens: sum(parts.map(({ text }) => estimateTokens(text))),
    leftOut,
    files: files.map(withoutText),
  };
}

/** The same for all tasks of a run: what the project is, and what of it the spec names. */
async function projectPart(
  spec: string,
  { project }: RepositorySources,
  budgetTokens: number,
): Promise<MessagePart | null> {
  if (await project.isEmpty()) return null;
  const tokens = Math.min(mostMapTokens, Math.floor(budgetTokens * mapShare));
  const { text } = await project.map(spec, tokens);
  return cachedPart('project', `# The project as it stands, in part\n\n${fenced(text)}`);
}

/** Sections of the spec that fit; those that do not take the share of the files alone. */
function specSections(
  spec: string,
  budget: TokenBudget,
  reserved: number,
): { sections: string[]; leftOut: string[] } {
  const shared = sharedSpec(spec);
  const room = createBudget(Math.max(0, budget.left() - reserved));
  const fitting = new Set(
    shared
      .toSorted((a, b) => Number(b.weighty) - Number(a.weighty))
      .filter(({ text }) => room.takes(text) && budget.takes(text)),
  );
  return {
    sections: shared.filter((section) => fitting.has(section)).map(({ text }) => text),
    leftOut: shared
      .filter((section) => !fitting.has(section))
      .map(({ heading }) => `spec section «${heading}»: over the budget`),
  };
}

function shownParts(shown: readonly PackedFile[]): MessagePart[] {
  const partOf = (form: PackedFile['form'], name: string, heading: string): MessagePart[] => {
    const texts = shown.filter((file) => file.form === form).map(({ text }) => text);
    return texts.length === 0 ? [] : [cachedPart(name, [heading, ...texts].join('\n\n'))];
  };
  return [
    ...partOf('whole', 'files', filesHeading),
    ...partOf('excerpt', 'excerpts', excerptsHeading),
    ...partOf('outline', 'outlines', outlinesHeading),
  ];
}

function withoutText({ path, form, reason }: PackedFile): Omit<PackedFile, 'text'> {
  return { path, form, reason };
}

/** What is there and cannot be shown is named: who does not know of a file would write over it. */
function notShownPart(hidden: readonly HiddenFile[]): MessagePart[] {
  const named = hidden.filter(({ isNamed }) => isNamed).map(hiddenLine);
  if (named.length === 0) return [];
  return [userPart('not-shown', [notShownHeading, named.join('\n'), notShownRule].join('\n\n'))];
}

const filesHeading = '# Existing files';
const excerptsHeading = `# Existing files in pieces

To change one of them, edit what is shown; never give one of them whole.`;

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function requirementsFor(task: Task, document: FeatureDocument): string {
  const served = document.requirements.filter(({ id }) => task.requirements.includes(id));
  return served.length === 0
    ? 'None by number; the task stands for itself.'
    : fenced(served.map(requirementText).join('\n\n'));
}
