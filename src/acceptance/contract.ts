import * as z from 'zod';
import { criteriaOf } from '../domain/criteria.ts';
import type { FeatureDocument, Task } from '../domain/task.ts';
import { recall, remember, type Step, type StepFiles } from '../supervisor/steps.ts';
import { sha256 } from '../text/sha256.ts';

/** What holds a criterion: a test; a reader, where no test can or none was had; another task of its requirement. */
const heldCriterionSchema = z.strictObject({
  id: z.string(),
  text: z.string(),
  by: z.enum(['test', 'reader', 'elsewhere']),
  /** What the test does, or why there is none. */
  why: z.string(),
  /** A test was written for it, and could not stay. */
  leftOut: z.literal(true).optional(),
});
export type HeldCriterion = Readonly<z.infer<typeof heldCriterionSchema>>;

/** A file of tests of one criterion, as it was fixed. */
const fixedTestSchema = z.strictObject({
  criterion: z.string(),
  path: z.string(),
  content: z.string(),
  /** How it failed before the work, in a few words. */
  failed: z.string(),
});
export type FixedTest = Readonly<z.infer<typeof fixedTestSchema>>;

/** What the work on a task is held to, fixed before its author begins. */
export const contractSchema = z.strictObject({
  version: z.literal(1),
  /** `provider/model`; null where none could be asked. */
  verifier: z.string().nullable(),
  /** It is of the author's own family: no other could be reached. */
  sameFamily: z.boolean(),
  /** Names that the tests rely on, each with its place and signature. */
  uses: z.array(z.string()),
  criteria: z.array(heldCriterionSchema),
  tests: z.array(fixedTestSchema),
});
export type Contract = Readonly<z.infer<typeof contractSchema>>;

/** The tests by path, as gates take them. */
export function testsOf({ tests }: Contract): Map<string, string> {
  return new Map(tests.map(({ path, content }) => [path, content]));
}

/** The test of a criterion; undefined where it has none. */
export function testOf({ tests }: Contract, criterion: string): FixedTest | undefined {
  return tests.find((test) => test.criterion === criterion);
}

/** All that decides what a task is held to: its words and those of what it serves. SHA-256, hex. */
export function contractKey(task: Task, { requirements }: FeatureDocument): string {
  const { title, description, files } = task;
  const criteria = criteriaOf(task, requirements);
  return sha256(JSON.stringify([task.id, title, description, files, criteria]));
}

/** The contract as the attempt begins with it: as fixed first, or as a dispute in an earlier attempt left it. */
export async function recallContract(
  files: StepFiles,
  key: string,
  attempt: number,
): Promise<Contract | null> {
  for (let number = attempt; number >= 1; number--) {
    const kept = await recall(files, stepOf(key, number));
    if (kept !== null) return kept;
  }
  return null;
}

/** @param attempt the first that begins with it */
export async function keepContract(
  files: StepFiles,
  key: string,
  attempt: number,
  contract: Contract,
): Promise<void> {
  await remember(files, stepOf(key, attempt), contract);
}

function stepOf(key: string, attempt: number): Step<Contract> {
  return { name: `contract-${attempt}.json`, key, schema: contractSchema, sealed: true };
}
