import { ExitCode } from '../../domain/errors.ts';
import { derivedStates } from '../../domain/graph.ts';
import type { FeatureDocument, Task } from '../../domain/task.ts';
import { withoutControls } from '../../domain/text.ts';
import { defineCommand } from '../command.ts';
import { planCommand, readableFeatures } from '../readable-features.ts';

interface Step {
  readonly feature: string;
  readonly task: Task | null;
  readonly reason: string;
  readonly command: string | null;
}

export const command = defineCommand({
  options: (yargs) =>
    yargs.positional('feature', { type: 'string', describe: 'Of this one, instead of all' }),
  async action({ feature }, { app, cwd }) {
    const program = await app();
    const features =
      feature !== undefined
        ? [{ slug: feature, document: await program.read(feature) }]
        : await readableFeatures(program);
    const steps: Step[] = [];
    for (const { slug, document } of features)
      steps.push(
        document === null
          ? unfinishedPlan(slug, await planCommand(program, slug, cwd))
          : nextStep(slug, document),
      );
    const step = steps.find(({ command: known }) => known !== null) ?? steps[0] ?? null;
    if (step === null)
      return {
        exitCode: ExitCode.done,
        json: { next: null },
        text: 'No features yet. Make one: blueprint new brief.md',
      };
    const head =
      step.task === null ? step.feature : `${step.feature} ${step.task.id}: ${step.task.title}`;
    const lines = [head, step.reason, ...(step.command === null ? [] : [step.command])];
    return {
      exitCode: ExitCode.done,
      json: { next: step },
      text: withoutControls(lines.join('\n')),
    };
  },
});

function unfinishedPlan(feature: string, command: string): Step {
  return { feature, task: null, reason: 'Its plan is not finished.', command };
}

/** What waits for a person comes first: it may hold up all the rest. */
function nextStep(feature: string, document: FeatureDocument): Step {
  const states = derivedStates(document.tasks);
  const first = (...wanted: string[]): Task | undefined =>
    document.tasks.find((task) => wanted.includes(states.get(task.id) ?? ''));
  const review = first('needs_review');
  if (review !== undefined)
    return {
      feature,
      task: review,
      reason: `waits for your review: ${review.result?.reason ?? ''}`,
      command: `blueprint diff ${feature} ${review.id}, then approve or reject`,
    };
  const runnable = first('in_progress', 'ready', 'failed');
  if (runnable !== undefined)
    return {
      feature,
      task: runnable,
      reason: `${states.get(runnable.id)?.replace('_', ' ')}, ${runnable.type}`,
      command: `blueprint run ${feature}`,
    };
  const blocked = first('blocked');
  if (blocked !== undefined)
    return {
      feature,
      task: blocked,
      reason: `blocked by ${blocked.dependsOn.join(', ')}`,
      command: null,
    };
  return { feature, task: null, reason: 'All tasks are settled.', command: null };
}
