import { fencedInstructions } from '../../text/bundle/fenced-instructions.ts';
import { jsonInstructions } from '../../text/bundle/json.ts';
import type { BundleCodec } from '../../models/generate-bundle.ts';
import { cachedPart, instructionsPart, type MessagePart } from '../../models/language-model.ts';

const formats: Record<BundleCodec, string> = {
  fenced: `Where it wants no files, answer in plain words and write no FILE or EDIT line. Where it wants files:

${fencedInstructions}`,
  json: `${jsonInstructions}
Where the task wants no files, leave \`files\`, \`edits\` and \`deletions\` empty and put the whole answer into \`notes\`.`,
};

/** What every model of an ensemble is asked, in the same words; the context comes before the task. */
export function askPrompt(
  question: string,
  context: readonly MessagePart[],
  codec: BundleCodec,
): MessagePart[] {
  const text = `You carry out one task, or answer one question, about a software project. Others answer it too, apart from you.

Rules
- Do what is asked, completely, and nothing beside it. Where it is open, choose the simplest thing that serves and say so in one line.
- Build on the files shown: use their names and contracts exactly.
- Say what you do not know; make up no fact, name or source.
- Code comes with tests for what it has to do, where the task does not say otherwise.

${formats[codec]}`;
  return [instructionsPart(text), ...context, cachedPart('task', `# The task\n\n${question}`)];
}
