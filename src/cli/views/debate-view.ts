import type { ChalkInstance } from 'chalk';
import type { DebateVerdict, FinalPosition } from '../../domain/debate.ts';
import { formatUsd } from '../../domain/price.ts';
import { toSingleLine } from '../../domain/text.ts';
import type { DebatePreview } from '../../use-cases/debate.ts';
import { counted } from '../../text/counted.ts';
import type { DebateStatus } from '../../use-cases/debates.ts';
import { inOneLine } from './cells.ts';
import { runCostLines } from './cost-view.ts';
import { lines } from './lines.ts';
import { renderTable } from './table.ts';

const colours = { APPROVED: 'green', CONDITIONAL: 'yellow', BLOCKED: 'red' } as const;

function verdictText(verdict: DebateVerdict, paint: ChalkInstance): string {
  return paint[colours[verdict]](verdict);
}

/** Who would debate, and what it may cost. */
export function estimateText(preview: DebatePreview): string {
  const { debaters, calls, usd, unpriced, warnings } = preview;
  const { strategist, critics, judge } = debaters;
  const unknown =
    unpriced.length === 0
      ? ''
      : ` Not counted, as their price is not known: ${unpriced.join(', ')}.`;
  return lines(
    `Strategist: ${strategist.model} (${strategist.family})`,
    critics.map(({ label, model, family }) => `Critic ${label}:   ${model} (${family})`),
    `Judge:      ${judge.model} (${judge.family})`,
    warnings.map((warning) => `warning: ${warning}`),
    '',
    `Calls: ${calls.low} where the critics agree at once that nothing blocks, to ${calls.high} with every round used.`,
    `Cost: about ${formatUsd(usd.low)} to ${formatUsd(usd.high)}.${unknown} No call was made.`,
  ).join('\n');
}

/** What a debate came to, short: all of it is in its pages. */
export function positionText(position: FinalPosition, paint: ChalkInstance): string {
  const { verdict, verdictChanged, endedAtBaseline, recommendation, decisions, actions } = position;
  const { dissent, missing, issues } = position;
  return lines(
    `${verdictText(verdict, paint)}: ${toSingleLine(recommendation, 600)}`,
    verdictChanged !== null && paint.yellow(verdictChanged),
    endedAtBaseline && 'The critics agreed at once that nothing blocks; --full debates it anyway.',
    decisions.length > 0 && [
      '',
      paint.bold('For you to decide'),
      ...decisions.map(
        ({ question, recommendation: advice }) =>
          `  ${toSingleLine(question, 300)}${advice === null ? '' : ` (recommended: ${toSingleLine(advice, 200)})`}`,
      ),
    ],
    actions.length > 0 && [
      '',
      paint.bold('Actions'),
      ...actions.map(
        ({ id, title, priority, effort }) =>
          `  ${id.padEnd(3)} ${toSingleLine(title, 200)} (priority ${priority}, effort ${effort})`,
      ),
    ],
    dissent.length > 0 && [
      '',
      paint.bold('Dissent'),
      ...dissent.map(({ issue, position: said }) => `  ${issue}: ${toSingleLine(said, 300)}`),
    ],
    '',
    missing.length === 0
      ? `${counted(issues.length, 'issue')} raised, each answered in the checklist.`
      : paint.yellow(
          `${counted(issues.length, 'issue')} raised; the checklist does not answer ${missing.join(', ')}.`,
        ),
  ).join('\n');
}

/** How far a debate is. */
export function debateStatusText(
  { id, steps, position, cost, path }: DebateStatus,
  paint: ChalkInstance,
): string {
  return lines(
    `${paint.bold(id)}: ${position === null ? 'not finished' : verdictText(position.verdict, paint)}`,
    steps.map(
      ({ phase, name, outcome, detail }) =>
        `  ${phase}${name === null ? '' : ` ${inOneLine(name)}`}: ${inOneLine(outcome)} (${toSingleLine(detail, 300)})`,
    ),
    position === null && `To go on: blueprint debate resume ${id}`,
    `All of it: ${path}`,
    runCostLines(cost),
  ).join('\n');
}

/** All debates, a line each. */
export function debateListText(
  debates: readonly DebateStatus[],
  paint: ChalkInstance,
  width: number,
): string {
  if (debates.length === 0) return 'There are no debates. Begin one: blueprint debate start FILE';
  return renderTable(
    debates,
    [
      { title: 'debate', value: ({ id }) => id, paint: (text) => paint.bold(text) },
      { title: 'state', value: stateOf },
      { title: 'issues', value: ({ position }) => String(position?.issues.length ?? '') },
      {
        title: 'of',
        value: ({ feature, file }) => feature ?? file ?? 'stdin',
        flexible: true,
        expendable: 1,
      },
    ],
    width,
  );
}

function stateOf({ position, steps }: DebateStatus): string {
  if (position === null) return `in ${steps.at(-1)?.phase ?? 'its beginning'}`;
  return position.missing.length > 0 ? 'incomplete' : position.verdict;
}
