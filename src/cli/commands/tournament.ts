import { join, resolve } from 'node:path';
import { defineCommand } from '../command.ts';
import { list, number, text } from '../option-kinds.ts';
import { doLongWork } from '../tell-end.ts';
import { configOptions, contextOption, gateOptions, recordOptions } from '../options.ts';
import { runCostLines } from '../views/cost-view.ts';
import { tournamentText } from '../views/tournament-view.ts';
import { readBrief, readContext } from './new.ts';
import { tournament } from '../../use-cases/tournament.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .option('spec', {
        type: 'string',
        requiresArg: true,
        demandOption: true,
        describe: 'What is to be built: a file, or - for stdin',
      })
      .options(contextOption)
      .option('k', number('Candidates, 1 to 20'))
      .option('loops', number('Rounds of synthesis at most, 0 to 10'))
      .option('critics', list('Who judges: contracts,tests,…'))
      .option('out', text('Write the approved winner’s files into this folder'))
      .option('early-stop', {
        type: 'boolean',
        describe: 'End the critics of candidates that can no longer win',
      })
      .option('tests', text('A folder of tests that the winner must pass'))
      .options(gateOptions())
      .options(configOptions('findings', 'repository', 'budget'))
      .options(recordOptions),
  async action(args, context) {
    const { spec: path, context: globs, k, loops, critics, out, earlyStop, tests } = args;
    const { screen, paint, cwd } = context;
    const program = await context.program();
    const input = {
      spec: await readBrief(path, context),
      context: await readContext(globs ?? [], context),
      k,
      loops,
      critics: critics?.flatMap((names) => names.split(',').map((name) => name.trim())),
      earlyStop,
      tests: tests === undefined ? undefined : resolve(cwd, tests),
      testCommand: args.testCommand !== undefined,
      out: out === undefined ? undefined : resolve(cwd, out),
    };
    const report = await doLongWork(
      { command: 'tournament' },
      context,
      (caller) => tournament(input, program, caller),
      ({ table: { winner: best, approved } }) => `${best} ${approved ? 'wins' : 'is the best'}`,
    );
    const { id, folder, project, table, written, cost, exitCode } = report;
    const paths = report.files.map(({ path: file }) => file);
    const winner = join(folder, 'files', table.winner);
    return {
      exitCode,
      json: {
        id,
        folder,
        exitCode,
        winner: { candidate: table.winner, folder: winner, files: paths },
        out: written === null ? null : { folder: resolve(cwd, out ?? '.'), files: written },
        project,
        table,
        cost,
      },
      text: [
        tournamentText(report, paint, screen.columns),
        '',
        written === null
          ? `Its files: ${winner}`
          : `Written to ${resolve(cwd, out ?? '.')}: ${written.join(', ')}`,
        ...(out !== undefined && written === null
          ? ['Nothing was written to --out: only approved work is.']
          : []),
        `All of it: ${join(folder, 'partial', 'table.md')}`,
        ...runCostLines(cost),
      ].join('\n'),
    };
  },
});
