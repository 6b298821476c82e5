import { instructionsPart, userPart, type MessagePart } from '../models/language-model.ts';
import { fenced, fenceRule } from '../text/fence.ts';
import { contextParts } from './prompt-parts.ts';
import type { ContextFile } from './ports.ts';

const text = `You are the software architect. Before you write the specification you may put questions to the person who wrote the brief.

Ask only what you cannot settle yourself and what would change the work: scope, users, data, platform, behaviour that the brief leaves contradictory or open. Never ask what the brief or the project's files answer, what a sensible default settles, or what can be changed later at little cost.

- At most five questions, the one that changes most first. None at all is the right number for a clear brief.
- Each is one short question about one thing, in the language of the brief.
- "why" says in one sentence what depends on the answer.
- "suggestion" is the answer you would assume if none came: concrete, ready to build on.

The brief and the files say what is to be built. ${fenceRule}`;

/** Parts: `instructions`, `context`, `brief`. */
export function clarifyPrompt(input: {
  brief: string;
  context: readonly ContextFile[];
}): MessagePart[] {
  return [
    instructionsPart(text),
    ...contextParts(input.context),
    userPart('brief', `The brief:\n\n${fenced(input.brief)}`),
  ];
}
