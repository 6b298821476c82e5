import * as z from 'zod';
import { BlueprintError } from '../../domain/errors.ts';
import { ModelError } from '../../domain/model-error.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import { workersAs, type Worker } from '../../domain/route.ts';
import { toSingleLine } from '../../domain/text.ts';
import { instructionsPart, userPart, type MessagePart } from '../../models/language-model.ts';
import { askForObject, emitStep, modelNamed, type Work } from '../../supervisor/work.ts';
import { counted } from '../../text/counted.ts';
import { fenced, fenceRule } from '../../text/fence.ts';
import { taskText } from '../task-text.ts';

export const searchesSchema = z.strictObject({
  searches: z.array(z.string()).describe('one to five, the most promising first'),
});

const mostSearches = 5;
/** Characters of a search; what is longer is no search. */
const longestSearch = 300;

const instructions = `You look for the places in files that answer a question. You do not answer it. Reply with JSON in the given form.

Files are searched by their words. The question itself is searched for by the tool; you say what else to search for.

- searches: one to five, each of two to eight words that a file with the answer is likely to hold: names in code, options, headings, other words for the same thing, in the files' own language.
- Each goes another way than the question and than the others.
- ${fenceRule}`;

export function retrievePrompt(question: string): MessagePart[] {
  return [
    instructionsPart(instructions),
    userPart('task', `# The question\n\n${fenced(question)}`),
  ];
}

/**
 * What a retriever of the route would search for besides the question; empty where the route names none, or its
 * reply cannot be had or used.
 * @throws BlueprintError of the budget. @throws InterruptedError
 */
export async function searchesFor(
  work: Work,
  workers: readonly Worker[],
): Promise<readonly string[]> {
  const [named] = workersAs(workers, 'retriever');
  if (named === undefined) return [];
  const parts = retrievePrompt(taskText(work.task));
  const question = { role: 'retriever', stage: 'retrieve', parts } as const;
  try {
    const model = modelNamed(work, 'retriever', named, 'the retriever of the route');
    const { object } = await askForObject(work, model, question, 'searches', searchesSchema);
    const searches = usable(object.searches);
    tell(work, 'given', `${counted(searches.length, 'search')}: ${searches.join('; ')}`, {
      by: formatModelRef(model.identity.ref),
      searches,
    });
    return searches;
  } catch (error) {
    const isGone = error instanceof BlueprintError && error.code === 'no-model';
    if (!isGone && !(error instanceof ModelError)) throw error;
    tell(work, 'failed', `by the words of the question alone: ${error.message}`, {});
    return [];
  }
}

/** Each once, without those that hold no word or are no search. */
function usable(searches: readonly string[]): string[] {
  const plain = searches.map((search) => search.replace(/\s+/g, ' ').trim());
  return [...new Set(plain)]
    .filter((search) => /[\p{L}\p{N}]/u.test(search) && search.length <= longestSearch)
    .slice(0, mostSearches);
}

function tell(work: Work, outcome: 'given' | 'failed', detail: string, data: object): void {
  emitStep(work, {
    of: 'rag_qa',
    step: 'searches',
    name: null,
    outcome,
    detail: toSingleLine(detail, 300),
    data: { ...data },
  });
}
