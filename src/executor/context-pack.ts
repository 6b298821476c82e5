import type { ReadBase } from '../domain/candidate.ts';
import { sectionsOf } from '../domain/spec.ts';
import type { FeatureDocument, Task } from '../domain/task.ts';
import { estimateTokens } from '../domain/text.ts';
import type { MessagePart } from '../models/language-model.ts';
import { requirementText, taskText } from './prompts.ts';

/** What a task's author and reviewers are shown, and what had to be left out. */
export interface ContextPack {
  readonly parts: readonly MessagePart[];
  readonly tokens: number;
  readonly leftOut: readonly string[];
}

/** Sections of a spec that every task of the feature is shown; the same text for all, so that it caches. */
const sharedSections = /overview|goal|data|interface|constraint|architecture|design|api/i;

export interface ContextSources {
  readonly document: FeatureDocument;
  readonly spec: string;
  readonly base: ReadBase;
  /** Approved files of the feature's tasks, by task. */
  readonly filesOf: (taskId: string) => readonly string[];
}

/**
 * Builds the pack under a budget of tokens. Order of importance: the task, its requirements, the shared
 * sections of the spec, files that the task names, files of its dependencies. Order in the prompt: what
 * all tasks share first.
 */
export async function packContext(
  task: Task,
  sources: ContextSources,
  budgetTokens: number,
): Promise<ContextPack> {
  const { document, base } = sources;
  const leftOut: string[] = [];
  const own = part('task', `# The task\n\n${taskText(task)}`);
  const requirements = part(
    'requirements',
    `# Requirements it serves\n\n${requirementsFor(task, document)}`,
  );
  let left = budgetTokens - estimateTokens(own.text) - estimateTokens(requirements.text);
  const fits = (text: string): boolean => {
    const tokens = estimateTokens(text);
    if (tokens > left) return false;
    left -= tokens;
    return true;
  };

  const spec = sharedSpec(sources.spec)
    .filter((section) => {
      const kept = fits(section.text);
      if (!kept) leftOut.push(`spec section «${section.heading}»: over the budget`);
      return kept;
    })
    .map((section) => section.text);

  const files: string[] = [];
  for (const path of pathsFor(task, sources)) {
    const content = await base(path);
    if (content === null) continue;
    const text = fileText(path, content);
    if (fits(text)) files.push(text);
    else leftOut.push(`${path}: over the budget (about ${estimateTokens(text)} tokens)`);
  }

  const title = `# The feature: ${document.title}`;
  const parts = [
    { ...part('spec', [title, ...spec].join('\n\n')), cache: true },
    ...(files.length === 0
      ? []
      : [{ ...part('files', `# Existing files\n\n${files.join('\n\n')}`), cache: true }]),
    requirements,
    own,
  ];
  const tokens = parts.reduce((sum, { text }) => sum + estimateTokens(text), 0);
  return { parts, tokens, leftOut };
}

function part(name: string, text: string): MessagePart {
  return { role: 'user', name, text };
}

function requirementsFor(task: Task, document: FeatureDocument): string {
  const served = document.requirements.filter(({ id }) => task.requirements.includes(id));
  return served.length === 0
    ? 'None by number; the task stands for itself.'
    : served.map(requirementText).join('\n\n');
}

function sharedSpec(spec: string): { heading: string; text: string }[] {
  return sectionsOf(spec)
    .filter(({ heading, body }) => sharedSections.test(heading) && body !== '')
    .map(({ heading, body }) => ({ heading, text: `## ${heading}\n\n${body}` }));
}

/** Paths that the task names, then those that its dependencies produced; the nearest first. */
function pathsFor(task: Task, { document, filesOf }: ContextSources): string[] {
  const byId = new Map(document.tasks.map((other) => [other.id, other]));
  const paths = new Set(task.files);
  const visited = new Set<string>();
  let level = task.dependsOn;
  while (level.length > 0) {
    const next: string[] = [];
    for (const id of level) {
      if (visited.has(id)) continue;
      visited.add(id);
      filesOf(id).forEach((path) => paths.add(path));
      next.push(...(byId.get(id)?.dependsOn ?? []));
    }
    level = next;
  }
  return [...paths];
}

/** A file in a fence that its content cannot close. */
export function fileText(path: string, content: string): string {
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `FILE: ${path}\n${fence}\n${content}${content.endsWith('\n') ? '' : '\n'}${fence}`;
}
