import { withoutControls } from '../../domain/text.ts';
import { defineCommand } from '../command.ts';
import { noFeatures } from '../views/feature-view.ts';
import { next } from '../../use-cases/next.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs.positional('feature', { type: 'string', describe: 'Of this one, instead of all' }),
  async action({ feature = null }, { program, signal }) {
    const step = await next({ feature }, await program(), { signal });
    if (step === null) return { json: { next: null }, text: noFeatures };
    const head =
      step.task === null ? step.feature : `${step.feature} ${step.task.id}: ${step.task.title}`;
    const lines = [head, step.reason, ...(step.command === null ? [] : [step.command])];
    return { json: { next: step }, text: withoutControls(lines.join('\n')) };
  },
});
