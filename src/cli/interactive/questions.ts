import { resolve } from 'node:path';
import { BlueprintError } from '../../domain/errors.ts';
import { isFile } from '../../files/is-there.ts';
import type { CommandContext } from '../command.ts';
import type { Screen } from '../screen.ts';
import { printable } from '../views/cells.ts';
import { editText } from './editor.ts';
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
  const { paint } = screen;
  const prompts = createPrompts(screen, signal);
  const answers: (string | null)[] = [];
  const ask = (text: string): unknown => screen.stderr.write(`${text}\n`);
  ask(
    paint.bold(
      `\n${questions.length} question${questions.length === 1 ? '' : 's'} on the brief; Enter takes the suggestion.`,
    ),
  );
  for (const [index, { question, why, suggestion }] of questions.entries()) {
    ask(`\n${paint.bold(`${index + 1}. ${printable(question)}`)}`);
    if (why !== '') ask(paint.dim(`   ${printable(why)}`));
    const answer = await prompts.text('Your answer', {
      suggestion: printable(suggestion),
      lines: true,
    });
    answers.push(answer === null || answer === suggestion.trim() ? null : answer);
  }
  return answers;
}

/** One word that a person means as a file: with an ending of texts, or a path that begins as one. */
const fileName = /^(?:\S+\.(?:md|markdown|txt|rst|adoc|org)|(?:\.{0,2}|~)\/\S+)$/i;

/** A brief as a person gives it at the prompt: its text, or the file that holds it. */
export type GivenBrief = { readonly text: string } | { readonly path: string };

/**
 * A brief typed or pasted, written in the user's editor, or named by its file.
 * @throws BlueprintError `brief-missing` when nothing was written, `editor-failed`
 */
export async function askBrief({
  screen,
  cwd,
  env,
  signal,
}: Pick<CommandContext, 'screen' | 'cwd' | 'env' | 'signal'>): Promise<GivenBrief> {
  screen.stderr.write(
    screen.paint.dim(
      'Type or paste a brief, or name its file. Enter on nothing opens your editor.\n',
    ),
  );
  const prompts = createPrompts(screen, signal);
  for (;;) {
    const typed = await prompts.text('What is to be built?', { lines: true });
    if (typed === null) break;
    if (await isFile(resolve(cwd, typed))) return { path: typed };
    if (!fileName.test(typed)) return { text: typed };
    screen.stderr.write(screen.paint.yellow(`There is no file ${printable(typed)}.\n`));
  }
  const written = await editText('', 'brief.md', { env, signal });
  if (written.trim() !== '') return { text: written };
  throw new BlueprintError({
    code: 'brief-missing',
    message: 'No brief was written, so nothing was made',
    fix: 'Type it at the prompt, or: blueprint new brief.md',
  });
}
