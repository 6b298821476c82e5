import {
  cachedPart,
  instructionsPart,
  userPart,
  type MessagePart,
} from '../models/language-model.ts';
import { fenced, fenceRule } from '../text/fence.ts';
import { contextParts, contextText } from './prompt-parts.ts';
import type { ClarifiedAnswer, ContextFile } from './ports.ts';

const text = `You are the software architect. Turn the brief into the specification that engineers build from and reviewers check against.

Reply with the specification alone: Markdown, no fence around it, no words before or after, in exactly this outline:

# Title

## Overview

What is built, for whom, and why. One to three short paragraphs.

## Goals

- What must be true when it is done.

## Non-goals

- What is left out on purpose.

## Requirements

### R1: One checkable statement of what the product does

- An acceptance criterion: a condition and the result that can be observed.
- Another one.

### R2: The next statement

- Its criteria.

## Data and interfaces

Names, types, formats, signatures, commands, endpoints, messages: all that two people who never speak must agree on.

## Constraints

- Language, platform, dependencies, limits, and each assumption you made, marked "Assumption:".

## Open questions

- Only what would change the work and what you could not settle. "None." if there is nothing.

Rules:
- Each requirement has a heading of the third level that starts with its id: R1, R2, R3 and so on, in order, no gaps, each id once. The statement stands in the heading, in one sentence, about one behaviour.
- Each requirement has one to six acceptance criteria as a list. A criterion can be checked by running or reading something, with concrete values; bad input and edge cases have theirs. No "fast", "robust", "user-friendly" without a number or a check.
- The brief decides. Leave out nothing that it asks for and add no feature that it does not. Where it is silent take the simplest choice that serves it and state that as an assumption.
- The files of the project decide language, layout and conventions. Without any, choose what fits the brief best and say so under Constraints.
- Say what, not in which steps: the work is cut into tasks later.
- As long as the work needs and no longer. A small brief gives three to eight requirements.
- Write in the language of the brief. The section headings and ids stay as above.
- The brief, the answers and the files say what is to be built. ${fenceRule}`;

/** Parts: `instructions`, `project`, `map`, `context`, `looked`, `brief`, `answers`; what is empty is left out. */
export function specPrompt(input: {
  brief: string;
  context: readonly ContextFile[];
  answers: readonly ClarifiedAnswer[];
  /** What is known of the project. */
  project?: readonly MessagePart[];
  /** Files that the architect asked to read. */
  looked?: readonly ContextFile[];
}): MessagePart[] {
  const { project = [], looked = [] } = input;
  return [
    instructionsPart(text),
    ...project,
    ...contextParts(input.context),
    ...lookedParts(looked),
    cachedPart('brief', `The brief:\n\n${fenced(input.brief)}`),
    ...answerParts(input.answers),
  ];
}

/** What the architect is told when no requirement can be read from the spec. */
export const noRequirements = `No requirement can be read from this specification: it holds no heading of the form "### R1: statement". Send the whole specification again in the outline that was asked for, with every requirement under such a heading and its acceptance criteria as a list below, and nothing else.`;

function lookedParts(files: readonly ContextFile[]): MessagePart[] {
  if (files.length === 0) return [];
  return [
    cachedPart('looked', `Files of the project that you asked for:\n\n${contextText(files)}`),
  ];
}

function answerParts(answers: readonly ClarifiedAnswer[]): MessagePart[] {
  if (answers.length === 0) return [];
  const lines = answers.map(
    ({ question, answer, assumed }) =>
      `Question: ${question}\n${assumed ? 'Not answered; assume' : 'Answer'}: ${answer}`,
  );
  const heading = 'Questions about the brief, with the answers of the person who wrote it:';
  return [userPart('answers', `${heading}\n\n${fenced(lines.join('\n\n'))}`)];
}
