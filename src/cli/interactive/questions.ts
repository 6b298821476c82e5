import type { Screen } from '../screen.ts';
import { withoutControls } from '../../domain/text.ts';
import { createPrompts } from './prompts.ts';

export interface Question {
  readonly question: string;
  readonly why: string;
  readonly suggestion: string;
}

/** Puts the questions one by one; null takes the suggestion. */
export async function askQuestions(
  questions: readonly Question[],
  screen: Screen,
  signal: AbortSignal,
): Promise<(string | null)[]> {
  const prompts = createPrompts(screen, signal);
  const answers: (string | null)[] = [];
  screen.note(
    `${questions.length} question${questions.length === 1 ? '' : 's'} on the brief; Enter takes the suggestion.`,
  );
  for (const { question, why, suggestion } of questions) {
    screen.note(withoutControls(`\n${why}`));
    const answer = await prompts.input(withoutControls(question), withoutControls(suggestion));
    answers.push(answer === suggestion ? null : answer);
  }
  return answers;
}

/** A brief: pasted as one line, or written in the user's editor. */
export async function writeBrief(screen: Screen, signal: AbortSignal): Promise<string> {
  const prompts = createPrompts(screen, signal);
  const typed = await prompts.input('What is to be built? (a sentence, or Enter for your editor)');
  return typed ?? prompts.editor('The brief');
}
