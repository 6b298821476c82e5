import type { ChalkInstance } from 'chalk';
import type { Route } from '../../domain/route.ts';
import { toSingleLine } from '../../domain/text.ts';
import { lines } from './lines.ts';

/** How a task would be solved, and why. */
export function routeText(route: Route, paint: ChalkInstance): string {
  const { workflow, workers, tools, controls, reasons, policy, by, warnings } = route;
  const named = workers.map(({ provider, model, role }) =>
    toSingleLine(`  ${role}: ${provider}/${model}`, 200),
  );
  return lines(
    `${paint.bold(workflow)}, decided by ${toSingleLine(by, 100)}, ${policy} first`,
    reasons.map((reason) => `  ${toSingleLine(reason)}`),
    paint.bold('Workers'),
    named.length === 0 ? paint.yellow('  none') : named,
    `Tools: ${tools.length === 0 ? 'none' : tools.join(', ')}`,
    `Rounds: at most ${controls.maxRounds}${controls.debate ? ', then a debate' : ''}`,
    warnings.map((warning) => paint.yellow(`warning: ${toSingleLine(warning)}`)),
  ).join('\n');
}
