import type { FinalPosition } from '../domain/debate.ts';
import { taskSchema } from '../domain/task.ts';
import { bundleInstructions, type BundleCodec } from '../models/generate-bundle.ts';
import {
  cachedPart,
  instructionsPart,
  userPart,
  type MessagePart,
} from '../models/language-model.ts';
import { askForBundle, modelNamed, type Asking } from '../supervisor/work.ts';
import { fenced, fenceRule } from '../text/fence.ts';

const instructions = `You change a proposal or a spec of a software project as a debate of it has decided.

Rules
- Carry out each action below, and nothing else: what no action asks for stays, word for word.
- Keep its form: headings, requirement ids (R1, R1.1) and their order. A new requirement takes the next free id, with acceptance criteria that can be checked.
- Change this one file alone.
- ${fenceRule}`;

type Actions = FinalPosition['actions'];

/**
 * The text with the actions carried out, as the strategist of the debate writes it; the same text where it
 * changes nothing. @throws ModelError
 */
export async function changedText(
  asking: Asking,
  model: string,
  codec: BundleCodec,
  { path, text, actions }: { path: string; text: string; actions: Actions },
): Promise<string> {
  const task = taskSchema.parse({
    id: 'debate',
    title: 'Carry out the actions of a debate',
    type: 'architecture',
  });
  const base = async (asked: string): Promise<string | null> => (asked === path ? text : null);
  const strategist = modelNamed(asking, 'strategist', model, 'spoke for it in the debate');
  const { changes } = await askForBundle(
    { ...asking, task, context: [], base, codec },
    strategist,
    { role: 'strategist', stage: 'debate-apply', parts: changePrompt(path, text, actions, codec) },
    { mayChangeNothing: true, listBase: async () => [path] },
  );
  return changes.get(path) ?? text;
}

export function changePrompt(
  path: string,
  text: string,
  actions: readonly Readonly<Omit<Actions[number], 'issues'>>[],
  codec: BundleCodec,
): MessagePart[] {
  const said = actions.map(
    ({ id, title, detail, section }) =>
      `${id}: ${title}${section === null ? '' : ` (section: ${section})`}\n${detail}`,
  );
  return [
    instructionsPart(`${instructions}\n\n${bundleInstructions[codec]}`),
    cachedPart('file', `# ${path}\n\n${fenced(text)}`),
    userPart('actions', `# The actions\n\n${fenced(said.join('\n\n'))}\n\nChange ${path}.`),
  ];
}
