import type { ReadBase } from '../domain/candidate.ts';
import { BlueprintError } from '../domain/errors.ts';
import { isRequirementHeading, sectionsOf } from '../domain/spec.ts';
import type { FeatureDocument, Task } from '../domain/task.ts';
import { estimateTokens } from '../domain/text.ts';
import { cachedPart, userPart, type MessagePart } from '../models/language-model.ts';
import { fenced } from '../text/fence.ts';
import { requirementText, taskText } from './task-text.ts';

/** What a task's author and reviewers are shown, and what had to be left out. */
export interface ContextPack {
  readonly parts: readonly MessagePart[];
  readonly tokens: number;
  /** With the reason, for people. */
  readonly leftOut: readonly string[];
  /** Paths of files that exist, or should, and are not shown. */
  readonly hiddenFiles: readonly string[];
  /** Paths of files that are shown. */
  readonly shownFiles: readonly string[];
}

/** Sections of a spec that take the budget before others. */
const weightySections =
  /\b(?:overview|goals?|data|interfaces?|constraints?|architecture|design|api)\b/i;

/** What the first prompt of an attempt is made from. */
export interface PromptSources {
  readonly document: FeatureDocument;
  /** The text of `spec.md`; empty where there is none. */
  readonly spec: string;
  readonly base: ReadBase;
}

/**
 * Builds the pack under a budget of tokens. Order of importance: the task and its requirements, which are
 * always shown, the shared sections of the spec, files that the task names, files of its dependencies.
 * Order in the prompt: what all tasks share first.
 * @param produced paths of what the tasks before it made, the nearest first.
 */
export async function packContext(
  task: Task,
  { document, spec, base }: PromptSources,
  produced: ReadonlySet<string>,
  budgetTokens: number,
): Promise<ContextPack> {
  const own = userPart('task', `# The task\n\n${fenced(taskText(task))}`);
  const requirements = userPart(
    'requirements',
    `# Requirements it serves\n\n${requirementsFor(task, document)}`,
  );
  const title = `# The feature: ${document.title}`;
  const fixed = [title, fenced(''), own.text, requirements.text, filesHeading];
  const takes = createBudget(budgetTokens - sum(fixed.map(estimateTokens)));

  const shared = sharedSpec(spec);
  const fitting = new Set<SharedSection>();
  for (const section of shared.toSorted((a, b) => Number(b.weighty) - Number(a.weighty)))
    if (takes(section.text)) fitting.add(section);
  const sections = shared.filter((section) => fitting.has(section)).map(({ text }) => text);
  const leftOut = shared
    .filter((section) => !fitting.has(section))
    .map(({ heading }) => `spec section «${heading}»: over the budget`);
  const files = await filesFor(task, produced, base, takes);

  const parts = [
    cachedPart(
      'spec',
      sections.length === 0 ? title : `${title}\n\n${fenced(sections.join('\n\n'))}`,
    ),
    ...(files.shown.length === 0
      ? []
      : [cachedPart('files', [filesHeading, ...files.shown.map(({ text }) => text)].join('\n\n'))]),
    ...notShownPart(files.hidden),
    requirements,
    own,
  ];
  return {
    parts,
    tokens: sum(parts.map(({ text }) => estimateTokens(text))),
    leftOut: [...leftOut, ...files.hidden.map(({ path, reason }) => `${path}: ${reason}`)],
    hiddenFiles: files.hidden.map(({ path }) => path),
    shownFiles: files.shown.map(({ path }) => path),
  };
}

/** What is there and cannot be shown is named: who does not know of a file would write over it. */
function notShownPart(hidden: readonly HiddenFile[]): MessagePart[] {
  const named = hidden.filter(({ isNamed }) => isNamed).map(hiddenLine);
  if (named.length === 0) return [];
  return [userPart('not-shown', [notShownHeading, named.join('\n'), notShownRule].join('\n\n'))];
}

function hiddenLine({ path, reason }: Pick<HiddenFile, 'path' | 'reason'>): string {
  return `- ${path}: ${reason}`;
}

const filesHeading = '# Existing files';
const notShownHeading = '# Existing files that are not shown';
const notShownRule = 'Never give one of them whole.';

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Says of each text, in turn, whether it still fits, the empty line before it included. */
function createBudget(tokens: number): (text: string) => boolean {
  let left = tokens;
  return (text) => {
    const wanted = estimateTokens(`\n\n${text}`);
    if (wanted > left) return false;
    left -= wanted;
    return true;
  };
}

function requirementsFor(task: Task, document: FeatureDocument): string {
  const served = document.requirements.filter(({ id }) => task.requirements.includes(id));
  return served.length === 0
    ? 'None by number; the task stands for itself.'
    : fenced(served.map(requirementText).join('\n\n'));
}

interface SharedSection {
  readonly heading: string;
  readonly text: string;
  readonly weighty: boolean;
}

let lastShared = { spec: '', sections: [] as SharedSection[] };

/**
 * All sections of a spec, whatever their headings, but requirements: those are shown to the tasks that
 * serve them. All tasks of a feature are shown the same text, so that it caches, and the last answer is kept.
 */
function sharedSpec(spec: string): SharedSection[] {
  if (lastShared.spec === spec) return lastShared.sections;
  const sections: SharedSection[] = [];
  let weightyBelow: number | null = null;
  for (const { heading, depth, body } of sectionsOf(spec)) {
    if (weightyBelow !== null && depth <= weightyBelow) weightyBelow = null;
    if (isRequirementHeading(heading)) continue;
    // The first heading names the whole.
    if (weightyBelow === null && depth > 1 && weightySections.test(heading)) weightyBelow = depth;
    const weighty = weightyBelow !== null || weightySections.test(heading);
    if (body !== '')
      sections.push({
        heading,
        text: `${'#'.repeat(Math.max(2, depth))} ${heading}\n\n${body}`,
        weighty,
      });
  }
  lastShared = { spec, sections };
  return sections;
}

interface HiddenFile {
  readonly path: string;
  readonly reason: string;
  /** It is there, and the budget has room for its name. */
  readonly isNamed: boolean;
}

interface ShownFile {
  readonly path: string;
  readonly text: string;
}

async function filesFor(
  task: Task,
  produced: ReadonlySet<string>,
  base: ReadBase,
  takes: (text: string) => boolean,
): Promise<{ shown: ShownFile[]; hidden: HiddenFile[] }> {
  const shown: ShownFile[] = [];
  const hidden: HiddenFile[] = [];
  const hide = (path: string, reason: string): void => {
    const first = hidden.every(({ isNamed }) => !isNamed);
    const line = hiddenLine({ path, reason });
    const text = first ? [notShownHeading, line, notShownRule].join('\n\n') : line;
    hidden.push({ path, reason, isNamed: takes(text) });
  };
  // A task that is done again works on what it made before.
  const own = (task.result?.files ?? []).map(({ path }) => path);
  for (const path of new Set([...task.files, ...own, ...produced])) {
    const read = await readOrReason(path, base);
    if ('reason' in read) {
      hide(path, read.reason);
    } else if (read.content === null) {
      // A file that the task is to create is not there yet.
      if (produced.has(path))
        hidden.push({ path, reason: 'not there as approved text', isNamed: false });
    } else {
      const text = `FILE: ${path}\n${fenced(read.content)}`;
      const reason = `over the budget (about ${estimateTokens(text)} tokens)`;
      if (takes(text)) shown.push({ path, text });
      else hide(path, reason);
    }
  }
  return { shown, hidden };
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
