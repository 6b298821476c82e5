import type { App } from '../../app.ts';
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
    let step: Step | null = null;
    for (const { slug, document } of features) {
      const found =
        document === null
          ? unfinishedPlan(slug, await planCommand(program, slug, cwd))
          : (nextStep(slug, document) ?? (await afterAll(slug, program)));
      if (step === null || found.command !== null) step = found;
      if (found.command !== null) break;
    }
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
function nextStep(feature: string, document: FeatureDocument): Step | null {
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
  return null;
}

/** What is left when all tasks are settled: their files into the project. */
async function afterAll(feature: string, program: App): Promise<Step> {
  const { state, files } = await program.applyState(feature);
  const some = `${files} file${files === 1 ? '' : 's'}`;
  const steps: Record<typeof state, Omit<Step, 'feature' | 'task'>> = {
    ready: {
      reason: `All tasks are settled; ${some} wait to be applied.`,
      command: `blueprint apply ${feature}`,
    },
    blocked: {
      reason: `All tasks are settled, but ${files === 1 ? 'a file of yours is' : `${files} files of yours are`} in the way of the work.`,
      command: `blueprint apply ${feature} --check`,
    },
    interrupted: {
      reason: 'An apply was cut short.',
      command: `blueprint apply ${feature}, or blueprint undo ${feature}`,
    },
    applied: { reason: 'All tasks are settled, and your files hold the work.', command: null },
    nothing: { reason: 'All tasks are settled.', command: null },
  };
  return { feature, task: null, ...steps[state] };
}
