import { someOf } from '../text/counted.ts';
import { ExitCode } from '../domain/errors.ts';
import { blockersOf } from '../domain/graph.ts';
import type { Task } from '../domain/task.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { runTold } from './commands/run.ts';

/** Runs a task that a person sent back, unless others hold it up. @param sent that it was, in words */
export async function runSentBack(
  feature: string,
  task: Task,
  sent: string,
  context: CommandContext,
): Promise<CommandOutcome> {
  const program = await context.program();
  const { id } = task;
  const { tasks } = await program.store.get(feature);
  const blockers = blockersOf(task, tasks);
  if (blockers.length > 0)
    return {
      exitCode: ExitCode.needsReview,
      json: { feature, task, blockers },
      text: `${sent} It waits for ${someOf(blockers)}; then: blueprint run ${feature}`,
    };
  const input = { feature, tasks: [id], concurrency: 1 };
  const report = await runTold(input, program, context);
  const after = report.document.tasks.find((other) => other.id === id) ?? task;
  return {
    exitCode: report.exitCode,
    json: { feature, task: after, exitCode: report.exitCode },
    text: `${id} is ${after.status.replace('_', ' ')}: ${after.result?.reason ?? ''}`,
  };
}
