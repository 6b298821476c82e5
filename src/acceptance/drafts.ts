import * as z from 'zod';
import { isThere } from '../domain/candidate.ts';
import type { Criterion } from '../domain/criteria.ts';
import { isSettled, type FeatureDocument, type Task } from '../domain/task.ts';
import { toSingleLine } from '../domain/text.ts';
import type { TriedFile } from '../gates/gate.ts';
import { isSameId } from '../text/same-id.ts';
import type { HeldCriterion } from './contract.ts';
import { runTests, type Verifying } from './run-tests.ts';
import {
  baseProblem,
  failureWords,
  placeProblem,
  type TestProblem,
  type WrittenTest,
} from './test-problems.ts';

/** A verifier's reply. */
export const acceptanceSchema = z.strictObject({
  uses: z
    .array(z.string())
    .describe('names the tests rely on, as `src/a.js exports parse(text: string): number`'),
  criteria: z.array(
    z.strictObject({
      id: z.string().describe('as it was given'),
      held: z.enum(['test', 'reader', 'elsewhere']),
      why: z
        .string()
        .describe('what the tests do; else why there is none, or which task brings it'),
      path: z.string().nullable().describe('of the file of its tests; null for none'),
      content: z.string().nullable().describe('of that file, whole; null for none'),
    }),
  ),
});
export type AcceptanceReply = z.infer<typeof acceptanceSchema>;

/** How a criterion is to be held, as far as it is known. */
export interface Draft {
  readonly by: HeldCriterion['by'];
  readonly why: string;
  readonly test?: { readonly path: string; readonly content: string };
  /** How it failed on the project as it is. */
  readonly failed?: string;
  /** As in a contract. */
  readonly leftOut?: true;
}

/** By the id of the criterion. */
export type Drafts = Map<string, Draft>;

/** Takes over what a reply says of these criteria; what it says of others counts for nothing. */
export function takeReply(
  drafts: Drafts,
  reply: AcceptanceReply,
  criteria: readonly Criterion[],
): void {
  for (const { id } of criteria) {
    const said = reply.criteria.find((one) => isSameId(one.id, id));
    if (said === undefined) continue;
    const { held, path, content } = said;
    const why = toSingleLine(said.why, 300);
    const test = { path: path ?? '', content: content ?? '' };
    drafts.set(id, held === 'test' ? { by: held, why, test } : { by: held, why });
  }
}

export function testsIn(drafts: Drafts): WrittenTest[] {
  return [...drafts].flatMap(([criterion, { test }]) => (test ? [{ criterion, ...test }] : []));
}

/**
 * Tries the drafts' tests on the project as it is, and gives what cannot stay; of what can, the drafts keep how
 * it failed.
 * @param name of the folder that takes what the run printed.
 */
export async function tryDrafts(
  drafts: Drafts,
  uses: readonly string[],
  verifying: Verifying,
  name: string,
): Promise<TestProblem[]> {
  const { criteria, document } = verifying;
  const { task, base } = verifying.work;
  const problems: TestProblem[] = [];
  const sound: WrittenTest[] = [];
  for (const criterion of criteria) {
    const draft = drafts.get(criterion.id);
    const test = draft?.test && { criterion: criterion.id, ...draft.test };
    const problem =
      test === undefined
        ? untestedProblem(draft, criterion, task, document)
        : sound.some(({ path }) => path.toLowerCase() === test.path.toLowerCase())
          ? `${test.path} is another criterion's file`
          : placeProblem(test, await isThere(test.path, base));
    if (problem !== null) problems.push({ criterion: criterion.id, problem });
    else if (test !== undefined) sound.push(test);
  }
  if (sound.length === 0) return problems;
  const tests = new Map(sound.map(({ path, content }) => [path, content]));
  const tried = await runTests(verifying, { tests, twice: true, kept: name });
  for (const { criterion, path } of sound) {
    if ('unavailable' in tried) {
      const problem = `the tests could not be run: ${tried.unavailable.missing}`;
      problems.push({ criterion, problem });
      continue;
    }
    const file = tried.files.find((one) => one.path === path) ?? notReported(path);
    const problem = baseProblem(file, task, uses);
    const draft = drafts.get(criterion);
    if (problem !== null) problems.push({ criterion, problem });
    else if (draft !== undefined) drafts.set(criterion, { ...draft, failed: failureWords(file) });
  }
  return problems;
}

function untestedProblem(
  draft: Draft | undefined,
  { requirement }: Criterion,
  task: Task,
  document: FeatureDocument,
): string | null {
  if (draft === undefined) return 'nothing was said of it';
  if (draft.why.trim() === '') return 'no reason is given why no test holds it';
  return draft.by === 'elsewhere' && !isHeldLater(requirement, task, document)
    ? 'no open task that comes later serves its requirement: hold it here'
    : null;
}

/** Whether a later task that is still to be finished serves the requirement; of two, each the other's, none would. */
function isHeldLater(requirement: string | null, task: Task, { tasks }: FeatureDocument): boolean {
  const own = tasks.findIndex(({ id }) => id === task.id);
  return (
    requirement !== null &&
    tasks.some(
      ({ type, status, requirements }, at) =>
        at > own && type === 'code' && !isSettled(status) && requirements.includes(requirement),
    )
  );
}

function notReported(path: string): TriedFile {
  return { path, problem: { kind: 'silent', text: 'no runner told of it' }, tests: [] };
}
