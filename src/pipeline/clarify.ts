import { ModelError } from '../domain/model-error.ts';
import { clarifyReplySchema, type ClarifyReply } from '../domain/plan.ts';
import { cleanedLine } from '../domain/text.ts';
import { clarifyPrompt } from './clarify-prompt.ts';
import type { Ask, ClarifiedAnswer, ContextFile, PlanPorts, Question } from './ports.ts';
import { askForObject, count, keepRawReply, routeTo, runStage, warn } from './stage.ts';

const maxQuestions = 5;

export interface ClarifyInput {
  readonly slug: string;
  readonly brief: string;
  readonly context: readonly ContextFile[];
  readonly ask: Ask;
}

/**
 * Has the architect ask what the brief leaves open, and a person answer. The answers are saved, an empty
 * list too, so that no question is put twice.
 *
 * @throws ModelError when no model could be asked; a reply that is no use is only a warning
 */
export function clarify(
  input: ClarifyInput,
  ports: PlanPorts,
): Promise<readonly ClarifiedAnswer[]> {
  return runStage('clarify', ports, async () => {
    const questions = await questionsFor(input, ports);
    const replies = questions.length === 0 ? [] : await input.ask(questions);
    const answers = questions.map(({ question, suggestion }, index): ClarifiedAnswer => {
      const reply = replies[index]?.trim() ?? '';
      return { question, answer: reply === '' ? suggestion : reply, assumed: reply === '' };
    });
    await ports.artefacts.saveAnswers(answers);
    return { value: answers, summary: count(answers.length, 'question') };
  });
}

async function questionsFor(input: ClarifyInput, ports: PlanPorts): Promise<Question[]> {
  const model = routeTo(ports, 'architect');
  // Rules can tell what a brief holds, not what it lacks.
  if (model === null) return [];
  try {
    const question = { stage: 'clarify', slug: input.slug, parts: clarifyPrompt(input) };
    const { object } = await askForObject(
      ports,
      model,
      { role: 'architect', ...question, maxOutputTokens: 8_000 },
      'clarify',
      clarifyReplySchema,
    );
    return cleaned(object);
  } catch (error) {
    // Questions are a help, not a need: without them the architect assumes.
    if (!(error instanceof ModelError) || error.kind !== 'malformed') throw error;
    await keepRawReply('clarify', error, ports);
    warn(ports, 'clarify-malformed', `No questions were asked: ${error.message}`);
    return [];
  }
}

function cleaned(reply: ClarifyReply): Question[] {
  return reply.questions
    .map(({ question, why, suggestion }) => ({
      question: cleanedLine(question),
      why: cleanedLine(why),
      suggestion: cleanedLine(suggestion),
    }))
    .filter(({ question }) => question !== '')
    .slice(0, maxQuestions);
}
