import type { ChalkInstance } from 'chalk';
import type { AskOutcome } from '../../use-cases/ask.ts';
import { failedOrErroredGates } from '../../domain/gate-result.ts';
import { needsReviewText } from '../../domain/needs-review.ts';
import { isBlocking } from '../../domain/review.ts';
import { toSingleLine, withoutControls } from '../../domain/text.ts';
import { counted } from '../../text/counted.ts';
import { runCostLines } from './cost-view.ts';
import { paintDiff } from './diff-view.ts';
import { lines } from './lines.ts';

/** The answer first, then how it came about, and what a person has to know. */
export function askText(outcome: AskOutcome, paint: ChalkInstance): string {
  const { consensus, diff, explanation, merge, needsReview, out } = outcome;
  const { origins = [], minority = [] } = merge ?? {};
  const deletions = consensus.files.filter(({ content }) => content === null);
  const files =
    diff === '' ? 'The project holds these files already.' : paintDiff(diff.trimEnd(), paint);
  return lines(
    consensus.files.length === 0 ? withoutControls(consensus.text) : files,
    '',
    paint.bold('How it came about'),
    withoutControls(explanation),
    origins.map(
      ({ part, from, by }) =>
        `  ${toSingleLine(part)} ← ${from.length === 0 ? 'written for the merge' : from.join(', ')} (${by})`,
    ),
    minority.length > 0 && paint.bold('Not followed'),
    minority.map(({ point, from }) => `  ${from.join(', ')}: ${toSingleLine(point)}`),
    outputLines(outcome, paint),
    validationLines(outcome, paint),
    needsReview.length > 0 &&
      paint.yellow(
        `A person must look at it: ${needsReview.map((reason) => needsReviewText[reason]).join('; ')}`,
      ),
    out !== null && `Written to ${out.folder}: ${out.files.join(', ')}`,
    out !== null &&
      deletions.length > 0 &&
      `To be deleted: ${deletions.map(({ path }) => path).join(', ')}`,
    runCostLines(outcome.cost, 'this answer').map((line) => paint.dim(line)),
    paint.dim(`Every answer, and what was paid for, is kept in ${outcome.folder}`),
  ).join('\n');
}

function outputLines({ plan, outputs, ms }: AskOutcome, paint: ChalkInstance): string[] {
  const { category, mode, modeReason, passedOver } = plan;
  return [
    paint.bold(`Who answered, in ${seconds(ms)}`),
    `  mode ${mode} (${modeReason}), category ${category.category} (${category.reason})`,
    ...outputs.map(({ model, answer, failure, ms: own }) =>
      failure === null
        ? `  ${model}: ${answer?.files.length ? counted(answer.files.length, 'file') : 'in words'}, ${seconds(own)}`
        : paint.yellow(`  ${model}: none (${failure.kind}): ${toSingleLine(failure.message, 200)}`),
    ),
    ...passedOver.map(({ name, as, reason }) =>
      paint.dim(`  passed over as ${as}: ${toSingleLine(name, 100)} (${reason})`),
    ),
  ];
}

function validationLines({ validation, gates }: AskOutcome, paint: ChalkInstance): string[] {
  const unsound = failedOrErroredGates(gates);
  const checks = gates.map((result) => {
    const { gate, status, summary } = result;
    const line = `  check ${gate}: ${status} (${toSingleLine(summary, 200)})`;
    return unsound.includes(result) ? paint.yellow(line) : line;
  });
  const judged = validation.map(({ model, sameFamily, review, failure }) => {
    if (review === null)
      return paint.yellow(`  ${model}: no judgement (${failure?.kind ?? 'unknown'})`);
    const blocking = review.findings.filter(isBlocking);
    const note = sameFamily ? ' (same family as one that answered)' : '';
    const findings = blocking.map(
      ({ severity, evidence }) => `\n    ${severity}: ${toSingleLine(evidence, 200)}`,
    );
    return `  ${model}${note}: ${review.verdict}, ${toSingleLine(review.summary, 200)}${findings.join('')}`;
  });
  return checks.length + judged.length === 0
    ? []
    : [paint.bold('What was checked'), ...checks, ...judged];
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
