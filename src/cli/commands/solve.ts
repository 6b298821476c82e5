import { join, resolve } from 'node:path';
import { routePolicies } from '../../domain/route.ts';
import { BlueprintError } from '../../domain/errors.ts';
import { workflows } from '../../domain/task.ts';
import { toSingleLine } from '../../domain/text.ts';
import { isFile, isFolder } from '../../files/is-there.ts';
import { solve } from '../../use-cases/solve.ts';
import { defineCommand, type CommandContext } from '../command.ts';
import { flag, list, number, text } from '../option-kinds.ts';
import { configOptions, flagsOf, gateOptions, recordOptions, taskInWords } from '../options.ts';
import { doLongWork } from '../tell-end.ts';
import { solveText } from '../views/solve-view.ts';
import { readQuestion } from './ask.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('task', {
        ...taskInWords,
        describe: 'In words, or a file, or a folder with a task.md, or - for stdin',
      })
      .option('workflow', { choices: workflows, describe: 'How; decided on without it' })
      .option('rules', flag('Rules alone decide how: no call is made for it'))
      .option('tests', text('A folder of tests that the solution must pass'))
      .option('sources', list('A folder to answer from; repeat for more. The project without it'))
      .option('rounds', number('Fixes of files, or votes on an answer (1 to 4), at most'))
      .option('out', text('Write what was accepted into this folder'))
      .options(configOptions('policy', 'findings', 'acceptance', 'repository', 'budget'))
      .options(gateOptions())
      .options(recordOptions),
  async action(args, context) {
    const place = await placeOf(args.task ?? [], context);
    const program = await context.program(
      place.folder === null ? undefined : { cwd: place.folder, flags: flagsOf(args, context.cwd) },
    );
    const below = (path: string | undefined) =>
      path === undefined ? null : resolve(context.cwd, path);
    const input = {
      text: await readQuestion(place.words, context, 'solve'),
      workflow: args.workflow ?? null,
      policy: routePolicies.find((each) => each === args.policy) ?? null,
      byModel: !args.rules,
      tests: below(args.tests),
      sources: (args.sources ?? []).map((path) => resolve(context.cwd, path)),
      rounds: args.rounds ?? null,
      out: below(args.out),
    };
    const outcome = await doLongWork(
      { command: 'solve' },
      context,
      (caller) => solve(input, program, caller),
      ({ reason }) => toSingleLine(reason, 200),
    );
    return {
      exitCode: outcome.exitCode,
      json: outcome,
      text: solveText(outcome, context.paint),
    };
  },
});

/** In a folder, what says what is to be solved there. */
const taskFiles = ['task.md', 'TASK.md', 'task.txt', 'problem.md', 'brief.md', 'README.md'];

/** The folder that the work is done in, null for that of the command, and the words or the file of the task. */
async function placeOf(
  words: readonly string[],
  { cwd }: CommandContext,
): Promise<{ folder: string | null; words: readonly string[] }> {
  const given = words.join(' ').trim();
  const folder = resolve(cwd, given);
  if (given === '' || given.includes('\n') || !(await isFolder(folder)))
    return { folder: null, words };
  for (const name of taskFiles)
    if (await isFile(join(folder, name))) return { folder, words: [join(folder, name)] };
  throw new BlueprintError({
    code: 'task-missing',
    message: `The folder ${toSingleLine(given, 200)} says nowhere what is to be solved`,
    target: toSingleLine(given, 200),
    fix: `Write it into ${taskFiles[0]} there, or give it in words.`,
  });
}
