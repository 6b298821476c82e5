import { ExitCode, usageFault } from '../../domain/errors.ts';
import { blockersOf } from '../../domain/graph.ts';
import { defineCommand } from '../command.ts';
import { flag } from '../option-kinds.ts';
import { configOptions, gateOptions, recordOptions } from '../options.ts';
import { createLiveView } from '../views/live.ts';
import { reject } from '../../use-cases/decide.ts';
import { run } from '../../use-cases/run.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('feature', { type: 'string', demandOption: true })
      .positional('task', { type: 'string', demandOption: true })
      .option('feedback', {
        alias: 'm',
        type: 'string',
        requiresArg: true,
        demandOption: true,
        describe: 'What is to be different',
      })
      .options(configOptions('budget'))
      .options(gateOptions())
      .options(recordOptions)
      .option('later', flag('Only record it; the next run corrects the work')),
  async action({ feature, task: id, feedback, later }, { program: programOf, screen, signal }) {
    if (feedback.trim() === '')
      throw usageFault('The feedback is empty', 'Say what is to be different: --feedback "…"');
    const program = await programOf();
    const task = await reject({ feature, task: id, feedback }, program, { signal });
    if (later)
      return {
        json: { feature, task },
        text: `${id} goes back; correct it with: blueprint run ${feature} --task ${id}`,
      };
    const { tasks } = await program.store.get(feature);
    const blockers = blockersOf(task, tasks);
    if (blockers.length > 0)
      return {
        exitCode: ExitCode.needsReview,
        json: { feature, task, blockers },
        text: `${id} goes back with your feedback. It waits for ${blockers.join(', ')}; then: blueprint run ${feature}`,
      };
    const { listen, close } = createLiveView(screen);
    const input = { feature, tasks: [id], concurrency: 1 };
    const report = await run(input, program, { listen, signal }).finally(close);
    const after = report.document.tasks.find((other) => other.id === id) ?? task;
    return {
      exitCode: report.exitCode,
      json: { feature, task: after, exitCode: report.exitCode },
      text: `${id} is ${after.status.replace('_', ' ')}: ${after.result?.reason ?? ''}`,
    };
  },
});
