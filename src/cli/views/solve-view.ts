import type { ChalkInstance } from 'chalk';
import { answerText } from '../../domain/deliverable.ts';
import { toSingleLine, withoutControls } from '../../domain/text.ts';
import type { SolveOutcome } from '../../use-cases/solve.ts';
import { runCostLines } from './cost-view.ts';
import { paintDiff } from './diff-view.ts';
import { lines } from './lines.ts';

/** The answer or the files first, then what shows that they hold. */
export function solveText(outcome: SolveOutcome, paint: ChalkInstance): string {
  const { deliverable, diff, route, status, reason, author, reviewer, evidence, out } = outcome;
  const files = diff === '' ? 'No file is changed.' : paintDiff(diff.trimEnd(), paint);
  const isDone = status === 'done';
  const told = `${isDone ? 'Done' : 'A person must look at it'}: ${toSingleLine(reason, 1_000)}`;
  const checks = evidence.map(({ gate, status: found, summary }) => {
    const line = `  ${gate}: ${found} (${toSingleLine(summary)})`;
    return found === 'failed' || found === 'errored' ? paint.yellow(line) : line;
  });
  return lines(
    deliverable.kind === 'answer' ? withoutControls(answerText(deliverable)).trimEnd() : files,
    '',
    isDone ? paint.bold(told) : paint.yellow(told),
    checks.length > 0 && [paint.bold('What was checked'), ...checks],
    `${route.workflow}, decided by ${route.by}; author ${author ?? 'none'}, reviewer ${reviewer ?? 'none'}`,
    route.warnings.map((warning) => paint.yellow(`warning: ${toSingleLine(warning)}`)),
    out !== null && `Written to ${out.folder}: ${out.files.join(', ')}`,
    runCostLines(outcome.cost, 'this').map((line) => paint.dim(line)),
    paint.dim(`All of it is kept in ${outcome.folder}`),
  ).join('\n');
}
