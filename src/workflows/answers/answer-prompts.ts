import { instructionsPart, userPart, type MessagePart } from '../../models/language-model.ts';
import { fenced, fenceRule } from '../../text/fence.ts';
import type { AnswerGroup } from './vote.ts';
import type { Computed, Solution } from './solution.ts';

export type AnswerKind = 'reasoning' | 'science';

const rules = `Rules
- Answer what the task asks, and nothing beside it.
- Your answer is compared with the others' by a program: give it alone, in its plainest form, numbers with their unit.
- Where the task does not say how exact, give four significant digits.
- Say in the reasoning what you do not know; make up no fact.
- ${fenceRule}`;

const solving: Readonly<Record<AnswerKind, string>> = {
  reasoning: `You solve one task by reasoning. Others solve it too, apart from you.

${rules}`,
  science: `You solve one task whose answer can be worked out. Others solve it too, apart from you.

${rules}
- List the facts that the answer rests on, each assumption that you had to make, and each quantity with its unit.
- Where the answer can be computed, give a program that computes it from the data of the task: Python or JavaScript, one file, no packages, no network, no input. It prints the answer, with its unit, as its last line. It is run, and what it prints is compared with the answer that you state.`,
};

/** The stable head of what solvers are asked. */
export function solveInstructions(kind: AnswerKind): MessagePart {
  return instructionsPart(solving[kind]);
}

/** How one solver goes at the task, where the same model is asked more than once. */
export function approachPart(approach: string): MessagePart {
  return userPart('approach', `# Your way\n\n${approach}`);
}

export const approaches = [
  'Take the plainest way that leads to the answer.',
  'Look for the case that breaks the first answer that comes to mind, then answer.',
  'Work backwards: say what would have to hold for each possible answer, and check it.',
  'Write down all that is given, with its units, before you begin.',
  'Solve it in two different ways; where they differ, find out why.',
] as const;

/** What was found on the solutions of the round before. */
export function earlierPart(said: string): MessagePart {
  return userPart(
    'earlier',
    `# What was found on earlier solutions\n\nThey did not agree. A reader found this; check it yourself:\n\n${fenced(said)}`,
  );
}

const verifying: Readonly<Record<AnswerKind, string>> = {
  reasoning: `You verify solutions of a task. You do not know who made them, nor how many came to the same answer.

Rules
- Solve the task yourself first, then look for the first step of each solution that does not hold.
- One point for each thing that you checked: what it is, whether it holds, why.`,
  science: `You verify solutions of a task whose answer can be worked out. You do not know who made them, nor how many came to the same answer.

Rules
- Check each claim, each assumption and each unit, one point for each: what it is, whether it holds, why. An assumption holds when the task allows it and the answer does not hang on it unsaid.
- Check the dimensions and the order of magnitude of the answer.
- What a program printed was seen by us; judge whether the program computes what the task asks.`,
};

const verdictRules = `- right names the answer that is right (A1, A2, …), or none. Length and confidence are no merit.
- Only what would change the answer makes a point not hold.
- ${fenceRule}`;

/** The task first, then the answers, one solution for each. */
export function verifyPrompt(
  kind: AnswerKind,
  context: readonly MessagePart[],
  groups: readonly AnswerGroup[],
): MessagePart[] {
  const shown = groups.map(({ label, best }) => `# ${label}\n\n${fenced(solutionText(best), 4)}`);
  return [
    instructionsPart(`${verifying[kind]}\n${verdictRules}`),
    ...context,
    userPart('answers', `${shown.join('\n\n')}\n\nWhich answer is right?`),
  ];
}

/** A solution as it is read, its author unnamed. */
export function solutionText(solution: Omit<Solution, 'label' | 'author'>): string {
  const { answer, reasoning, claims, assumptions, units, program, computed } = solution;
  return [
    answer.trim(),
    reasoning.trim(),
    list('Claims', claims),
    list('Assumptions', assumptions),
    list('Units', units),
    program === null ? '' : `Program (${program.language}):\n${fenced(program.code.trim())}`,
    computed === null ? '' : computedText(computed),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function list(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `${title}:\n${items.map((item) => `- ${item}`).join('\n')}`;
}

function computedText(computed: Computed): string {
  if (computed.kind === 'not-run') return `Not computed: ${computed.why}`;
  const says =
    computed.agrees === null
      ? 'no answer was printed'
      : computed.agrees
        ? 'as the answer says'
        : 'not as the answer says';
  return `The program was run (${computed.end}), ${says}:\n${fenced(computed.output.trim())}`;
}
