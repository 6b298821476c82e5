import type { ChalkInstance } from 'chalk';
import { someOf } from '../../text/counted.ts';
import { formatUsd } from '../../domain/price.ts';
import type { Preview } from '../../use-cases/preview.ts';
import { saidByFileText } from '../../text/said-by-file.ts';
import { renderTable } from './table.ts';

/** What a run would do, as a table in the order of waves. */
export function previewText(
  feature: string,
  preview: Preview,
  paint: ChalkInstance,
  width: number,
): string {
  if (preview.tasks.length === 0) return `Nothing of ${feature} is left to run.`;
  const tokens = preview.tasks.reduce((sum, task) => sum + task.promptTokens, 0);
  return [
    renderTable(
      preview.tasks,
      [
        { title: 'wave', value: ({ wave }) => String(wave) },
        { title: 'task', value: ({ task }) => task.id, paint: (text) => paint.bold(text) },
        { title: 'state', value: ({ state }) => state, expendable: 1 },
        { title: 'type', value: ({ task }) => task.type, expendable: 3 },
        { title: 'title', value: ({ task }) => task.title, flexible: true },
        { title: 'model', value: ({ route }) => route.chosen },
        {
          title: '~tokens in',
          value: ({ promptTokens }) => String(promptTokens),
          expendable: 2,
        },
      ],
      width,
    ),
    '',
    `Critical path: ${preview.criticalPath.join(' → ')}`,
    `First prompts: about ${tokens} tokens; reviews and corrections come on top. No call was made.`,
    costLine(preview.cost),
    ...budgetLine(preview),
    ...[...passedOver(preview)].map(([model, reason]) =>
      paint.dim(`Passed over ${model}: ${reason}`),
    ),
    ...waiting(preview),
    ...(preview.saidByFile.length === 0 ? [] : [paint.yellow(saidLine(preview.saidByFile))]),
  ].join('\n');
}

function saidLine(ids: readonly string[]): string {
  return `warning: ${saidByFileText(ids)}`;
}

/** A run leaves alone what waits for a person; a preview that did not say so would promise too much. */
function waiting({ tasks }: Preview): string[] {
  const ids = tasks.filter(({ state }) => state === 'needs_review').map(({ task }) => task.id);
  if (ids.length === 0) return [];
  return [
    `Waits for you, and holds up what comes after: ${someOf(ids)} (approve or reject first).`,
  ];
}

/** The range; what is not known is said, never counted as nothing. */
function costLine({ low, high, unpriced }: Preview['cost']): string {
  const known = high === 0 ? [] : [`${formatUsd(low)} to ${formatUsd(high)}`];
  const unknown = unpriced.length === 0 ? [] : [`what ${unpriced.join(', ')} costs is unknown`];
  const said = [...known, ...unknown];
  return `Estimated cost: ${said.length === 0 ? 'nothing' : said.join('; ')}`;
}

/** Whether the money that is there is enough. */
function budgetLine({ budget, cost: { low, high } }: Preview): string[] {
  if (budget === null || high === 0) return [];
  const given = `The budget of ${formatUsd(budget)}`;
  if (budget >= high) return [`${given} is enough for all of it.`];
  const whole = `--budget ${Math.ceil(high * 100) / 100} would be enough in any case.`;
  return budget >= low
    ? [`${given} may be enough; ${whole}`]
    : [`${given} is not enough, even if no model has to correct anything; ${whole}`];
}

function passedOver(preview: Preview): Map<string, string> {
  const found = new Map<string, string>();
  for (const { route } of preview.tasks)
    for (const { model, reason } of route.passedOver) found.set(model, reason);
  return found;
}
