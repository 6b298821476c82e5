import type { Criterion } from '../domain/criteria.ts';
import { instructionsPart, userPart, type MessagePart } from '../models/language-model.ts';
import { fenced, fenceRule } from '../text/fence.ts';
import type { TestLayout } from '../gates/gate.ts';
import type { FixedTest, HeldCriterion } from './contract.ts';
import type { TestProblem } from './test-problems.ts';

const writeInstructions = `You write acceptance tests for one task of a software project's plan, before anybody works on it. Its author will not see them before a first try; the work is accepted only if they pass.

For each criterion, say how it is held
- "test": one file of tests for this criterion alone. It must fail on the project as it is, and pass on every right solution.
- "reader": no test can hold it, as wording, layout, taste. Say why.
- "elsewhere": another task that serves the same requirement is to bring it. Say which.

Rules for tests
- Use the runner, layout and style of the project's own tests. The file's name holds the criterion's id (R2.1: r2-1.test.js, test_r2_1.py, r2_1_test.go), and each test's name begins with it ("R2.1 refuses a negative value").
- Test behaviour that the task, the spec and the criterion state, by public names alone. List in "uses" each name that the tests rely on and the project has not yet, with its place and signature: the author is told these. Take names and places from the task and the spec; invent as little as you can.
- State nothing that the criterion does not ask: no exact messages, no order, no private names, unless it gives them.
- A few strong cases for each criterion, edge values among them, so that a wrong operator or constant would be noticed.
- Each test stands alone: no time of day, no network, no waiting, no order, no files but in a temporary folder.
- Criteria that contradict one another: hold the first, give the other to a reader and say so.
- ${fenceRule}`;

const judgeInstructions = `You judge whether work on one task of a software project meets criteria that no test holds, or one that is in doubt. You do not know who wrote it. For each criterion: "yes" where you see in the work that it is met, and say where; "no" where you see that it is not; "unsure" where the work does not show it. ${fenceRule}`;

const disputeInstructions = `Some work fails acceptance tests that were written before it, or its author says that they are wrong. You have made neither; either may be wrong. For each test decide by its criterion, the task and the spec alone: "test" when every right solution must pass it; "work" when a right solution may fail it, as it asks for what nothing states, or has a fault of its own. Give the reasons first. ${fenceRule}`;

/** What is asked of the verifier: context first, as in the author's own prompt. */
export function writePrompt(
  context: readonly MessagePart[],
  criteria: readonly Criterion[],
  layout: TestLayout,
): MessagePart[] {
  return [
    instructionsPart(writeInstructions),
    ...context,
    userPart(
      'criteria',
      `# Criteria\n\n${fenced(criteria.map(({ id, text }) => `${id}: ${text}`).join('\n'))}\n\n# The project's tests\n\n${layoutText(layout)}\n\nWrite the acceptance tests now.`,
    ),
  ];
}

/** The same once more, with what was wrong with each of these tests. */
export function mendPrompt(
  written: readonly MessagePart[],
  tests: readonly Pick<FixedTest, 'criterion' | 'path' | 'content'>[],
  problems: readonly TestProblem[],
): MessagePart[] {
  const parts = problems.map(({ criterion, problem }) => {
    const test = tests.find((one) => one.criterion === criterion);
    const said = `${criterion}: ${problem}`;
    return fenced(test === undefined ? said : `${said}\n\n${test.path}:\n${test.content}`);
  });
  return [
    ...written,
    userPart(
      'problems',
      `# What is wrong with your tests\n\nThe tool has run them on the project as it is. These cannot stay:\n\n${parts.join('\n\n')}\n\nSend these criteria once more, each mended or given to a reader; the others stay as they are.`,
    ),
  ];
}

/** A test that may be wrong, as a third model sees it. */
interface DisputedTest {
  readonly id: string;
  /** Of the criterion. */
  readonly text: string;
  readonly test: Pick<FixedTest, 'path' | 'content'>;
  /** The author's words; null where nobody has said anything against it. */
  readonly reason: string | null;
  /** What its run on the work told. */
  readonly output: string;
}

/** What a third model decides on. */
export function disputePrompt(
  context: readonly MessagePart[],
  { work, disputes }: { readonly work: string; readonly disputes: readonly DisputedTest[] },
): MessagePart[] {
  const each = disputes.map(({ id, text, test, reason, output }) =>
    [
      `# ${id}\n\n${fenced(text)}`,
      `The test:\n${fenced(`${test.path}:\n${test.content}`)}`,
      `Its run on the work:\n${fenced(output)}`,
      ...(reason === null ? [] : [`What the author says:\n${fenced(reason)}`]),
    ].join('\n\n'),
  );
  return [
    instructionsPart(disputeInstructions),
    ...context,
    userPart('work', `# The work\n\n${work}`),
    userPart('disputes', [...each, 'Decide on each of them now.'].join('\n\n')),
  ];
}

/** What a reader judges. Of a criterion with a test, `why` says what makes that doubtful. */
export function judgePrompt(
  context: readonly MessagePart[],
  work: string,
  criteria: readonly Pick<HeldCriterion, 'id' | 'text' | 'by' | 'why'>[],
): MessagePart[] {
  const lines = criteria.map(({ id, text, by, why }) => {
    const held = by === 'test' ? why : `no test: ${why}`;
    return `${id}: ${text}\n  (${held})`;
  });
  return [
    instructionsPart(judgeInstructions),
    ...context,
    userPart('work', `# The work\n\n${work}`),
    userPart('criteria', `# Criteria\n\n${fenced(lines.join('\n'))}\n\nJudge each of them now.`),
  ];
}

function layoutText({ runners, examples }: TestLayout): string {
  const by = runners.length === 0 ? 'No runner is known yet.' : `Run by ${runners.join(', ')}.`;
  const like =
    examples.length === 0
      ? 'There is no test yet.'
      : `Tests that are there: ${examples.join(', ')}.`;
  return fenced(`${by}\n${like}`);
}
