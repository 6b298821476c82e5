import { resolve } from 'node:path';
import { modeChoices } from '../../domain/ensemble.ts';
import { BlueprintError, usageFault } from '../../domain/errors.ts';
import { toSingleLine } from '../../domain/text.ts';
import { isFile } from '../../files/is-there.ts';
import { counted } from '../../text/counted.ts';
import { separated } from '../../text/separated.ts';
import { defineCommand, type CommandContext } from '../command.ts';
import { list, number, text } from '../option-kinds.ts';
import { doLongWork } from '../tell-end.ts';
import {
  configOptions,
  contextOption,
  gateOptions,
  recordOptions,
  taskInWords,
} from '../options.ts';
import { askText } from '../views/ask-view.ts';
import { lines } from '../views/lines.ts';
import { readBrief, readContext } from './new.ts';
import { ask, type AskOutcome } from '../../use-cases/ask.ts';
import { briefText } from '../../use-cases/given-input.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('task', taskInWords)
      .option('models', list('Who answers: claude,codex or provider/model,…'))
      .options(contextOption)
      .option('timeout', number('Seconds for the whole answer of one model'))
      .option('retries', number('Of one call, where a retry can help'))
      .option('out', text('Write the files of the answer into this new folder'))
      .options(gateOptions())
      .options(configOptions('mode', 'findings', 'repository', 'budget'))
      .options(recordOptions),
  async action(args, context) {
    const { cwd, paint } = context;
    checkNumbers(args);
    const program = await context.program();
    const question = await readQuestion(args.task ?? [], context);
    const input = {
      question,
      mode: modeChoices.find((mode) => mode === args.mode) ?? null,
      models: [...new Set((args.models ?? []).flatMap(separated))],
      context: await readContext(args.context ?? [], context),
      timeoutMs: args.timeout === undefined ? null : Math.round(args.timeout * 1_000),
      retries: args.retries ?? null,
      out: args.out === undefined ? null : resolve(cwd, args.out),
    };
    const outcome = await doLongWork(
      { command: 'ask' },
      context,
      (caller) => ask(input, program, caller),
      askSentence,
    );
    const held = input.out !== null && outcome.needsReview.includes('autorun_not_allowed');
    const shown = lines(
      askText(outcome, paint),
      held && paint.yellow('Nothing was written to --out. If you want it: --allow-autorun PATTERN'),
    );
    return { exitCode: outcome.exitCode, json: outcome, text: shown.join('\n') };
  },
});

function askSentence({ outputs }: AskOutcome): string {
  const answers = outputs.filter(({ answer }) => answer !== null);
  return `${answers.length} of ${counted(outputs.length, 'model')} answered`;
}

type Limits = { timeout?: number | undefined; retries?: number | undefined };

function checkNumbers({ timeout, retries }: Limits): void {
  if (timeout !== undefined && !(timeout > 0 && timeout <= 86_400))
    throw usageFault(
      '--timeout takes seconds, more than 0 and at most 86400',
      'Give it as --timeout 120.',
    );
  if (retries !== undefined && !(Number.isInteger(retries) && retries >= 0 && retries <= 10))
    throw usageFault('--retries takes a whole number from 0 to 10', 'Give it as --retries 2.');
}

/**
 * What was given in words; of a file that has this name, or of stdin, their text.
 * @throws BlueprintError `task-missing`, of `briefText`
 */
export async function readQuestion(
  words: readonly string[],
  context: CommandContext,
  command = 'ask',
): Promise<string> {
  const given = words.join(' ').trim();
  // yargs gives a lone dash as an empty string.
  if (given === '' || given === '-') {
    if (words.length === 0 && context.screen.stdin.isTTY)
      throw new BlueprintError({
        code: 'task-missing',
        message: 'No task was given',
        fix: `blueprint ${command} "what is to be done", or a file, or - to read stdin.`,
      });
    return readBrief('-', context);
  }
  const file = resolve(context.cwd, given);
  if (given.includes('\n') || !(await isFile(file))) {
    return briefText(Buffer.from(given), 'that was given', await context.program());
  }
  context.screen.note(`The task is read from ${toSingleLine(given, 200)}.`);
  return readBrief(given, context);
}
