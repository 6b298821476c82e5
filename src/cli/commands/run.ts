import { ExitCode } from '../../domain/errors.ts';
import { isRules } from '../../domain/model-role.ts';
import { taskTypes } from '../../domain/task.ts';
import { withoutControls } from '../../domain/text.ts';
import { progressOf } from '../../report/progress.ts';
import type { RunOutcome } from '../../use-cases/run.ts';
import type { RunPreview } from '../../use-cases/preview.ts';
import { defineCommand } from '../command.ts';
import { configOptions, gateOptions } from '../config-options.ts';
import { recordOptions } from '../record-options.ts';
import { previewText } from '../views/preview-view.ts';
import { runCostLines } from '../views/cost-view.ts';
import { progressLine } from '../views/feature-view.ts';
import { createLiveView } from '../views/live.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('feature', { type: 'string', demandOption: true })
      .option('task', {
        type: 'string',
        array: true,
        nargs: 1,
        describe: 'Only this task; repeat for more',
      })
      .option('type', {
        choices: taskTypes,
        array: true,
        nargs: 1,
        describe: 'Only tasks of this type',
      })
      .option('fail-fast', {
        type: 'boolean',
        default: false,
        describe: 'Stop all when one task fails',
      })
      .options(configOptions('concurrency', 'strategy', 'mode', 'budget'))
      .options(gateOptions())
      .options(recordOptions)
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'Show order, routes and sizes; call nothing',
      }),
  async action(args, { program: programOf, paint, screen, signal }) {
    const { feature, task, type, failFast, dryRun } = args;
    const program = await programOf();
    const input = { feature, tasks: task, types: type, failFast };
    if (dryRun) {
      const { preview: previewOf } = await import('../../use-cases/preview.ts');
      const preview = await previewOf(input, program, { signal });
      return {
        exitCode: ExitCode.done,
        json: { feature, dryRun: true, ...preview },
        text: [previewText(feature, preview, paint, screen.columns), ...waiting(preview)].join(
          '\n',
        ),
      };
    }
    const { run } = await import('../../use-cases/run.ts');
    const { listen, close } = createLiveView(screen);
    const report = await run(input, program, { listen, signal }).finally(close);
    const { document, settled, unavailable, place, cost, exitCode } = report;
    const review = document.tasks.filter((other) => other.status === 'needs_review');
    const byRules = review.some((other) => isRules(other.result?.author ?? ''));
    const lines = [
      progressLine(document, paint),
      ...unrunText(unavailable),
      ...(review.length === 0
        ? []
        : [
            `Waits for you: ${review.map((other) => other.id).join(', ')}. See blueprint diff ${feature} ${review[0]?.id}, then approve or reject.`,
          ]),
      ...(byRules
        ? [
            keyHint(
              program.config.roles.coder.models.map(({ provider }) => provider),
              program.config.providers,
            ),
          ]
        : []),
      ...runCostLines(cost),
      ...(exitCode === ExitCode.done
        ? [`Approved files: ${place}`, `Take them into yours: blueprint apply ${feature}`]
        : []),
    ];
    return {
      exitCode,
      json: {
        feature,
        exitCode,
        progress: progressOf(document.tasks),
        settled,
        cost,
        unavailable,
        tasks: document.tasks.map(({ id, title, status, result }) => ({
          id,
          title,
          status,
          result,
        })),
      },
      text: lines.join('\n'),
    };
  },
});

/** Tasks that meet the same fault, as a budget that is reached, share its words. */
function unrunText(unavailable: RunOutcome['unavailable']): string[] {
  const byFault = new Map<string, string[]>();
  for (const { task, error } of unavailable) {
    const fix = error.fix === undefined ? '' : `\n  fix: ${error.fix}`;
    const fault = `${withoutControls(error.message)}${fix}`;
    byFault.set(fault, [...(byFault.get(fault) ?? []), task]);
  }
  return [...byFault].map(([fault, tasks]) => `${tasks.join(', ')} could not be run: ${fault}`);
}

/** A run leaves alone what waits for a person; a preview that did not say so would promise too much. */
function waiting({ tasks }: Pick<RunPreview, 'tasks'>): string[] {
  const ids = tasks.filter(({ state }) => state === 'needs_review').map(({ task }) => task.id);
  return ids.length === 0
    ? []
    : [
        `Waits for you, and holds up what comes after: ${ids.join(', ')} (approve or reject first).`,
      ];
}

/**
 * One plain line on what would have models write the code.
 * @param made what the rules made in their place.
 */
export function keyHint(
  names: readonly string[],
  providers: ReadonlyMap<string, { readonly keyVariables: readonly string[] }>,
  made = 'these are scaffolds made by rules',
): string {
  const variables = [
    ...new Set(names.flatMap((name) => providers.get(name)?.keyVariables[0] ?? [])),
  ];
  const set = variables.length === 0 ? 'Give a role a model' : `Set ${variables.join(' or ')}`;
  return `No model was reachable, so ${made}. ${set} to have models write the code.`;
}
