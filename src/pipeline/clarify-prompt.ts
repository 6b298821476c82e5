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

/** In a project: which files the architect may ask for. `most` of them. */
function lookText(most: number, canAsk: boolean): string {
  const nobody = canAsk
    ? ''
    : '\nNobody can be asked now: give no questions, and assume what is sensible.\n';
  return `${nobody}
You also see what the project is, and a map of the files that the brief has most to do with. "files" names those that you must read whole to specify the change rightly, as the map does not answer what you need to know: at most ${most}, paths as they stand there, the most needed first. None where the map is enough.`;
}

/** Parts: `instructions`, `project` and `map` where there is a project, `context`, `brief`. */
export function clarifyPrompt(input: {
  brief: string;
  context: readonly ContextFile[];
  /** What is known of the project; empty where it is not looked at. */
  project?: readonly MessagePart[];
  /** Files that may be asked for at most. */
  mostFiles?: number;
  canAsk?: boolean;
}): MessagePart[] {
  const { project = [], mostFiles = 0, canAsk = true } = input;
  const look = project.length === 0 ? '' : lookText(mostFiles, canAsk);
  return [
    instructionsPart(`${text}${look}`),
    ...project,
    ...contextParts(input.context),
    userPart('brief', `The brief:\n\n${fenced(input.brief)}`),
  ];
}
