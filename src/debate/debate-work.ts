import type { DebateSettings } from '../domain/debate-settings.ts';
import type { Candidate } from '../domain/candidate.ts';
import { formatModelRef, isRules } from '../domain/model-role.ts';
import { BlueprintError } from '../domain/errors.ts';
import type { Finding } from '../domain/review.ts';
import type { ModelPool } from '../strategies/strategy.ts';
import type { SignedReview } from '../supervisor/ask-review.ts';
import { workText } from '../supervisor/shown-work.ts';
import { filesBelow, type StepFiles } from '../supervisor/steps.ts';
import { modelNamed, type Work } from '../supervisor/work.ts';
import { chooseDebaters, type WantedDebaters } from './debaters.ts';
import { isSerious } from './issues.ts';
import { finalPage, transcriptPage } from './pages.ts';
import { runDebate } from './run-debate.ts';

/**
 * Debates what a task has made, with its author as the strategist, before it is reviewed. Serious issues that
 * were not defended count as a first review, by which the work is corrected; null where there is none.
 * @throws as `runDebate`; a debate for which no models can be reached is left out, with a warning
 */
export async function debateWork(
  work: Work,
  candidate: Candidate,
  files: StepFiles,
  {
    pool,
    settings,
    wanted,
  }: {
    readonly pool: ModelPool;
    readonly settings: DebateSettings;
    readonly wanted: Omit<WantedDebaters, 'strategist' | 'judge'>;
  },
): Promise<SignedReview | null> {
  const { task, purpose } = work;
  if (isRules(candidate.author.ref)) return null;
  const author = formatModelRef(candidate.author.ref);
  const isKnown = pool
    .primaries('strategist')
    .some(({ model, missing }) => model === author && missing === null);
  const chosen = chosenOrProblem(() =>
    chooseDebaters(pool.primaries, { ...wanted, strategist: isKnown ? author : null, judge: null }),
  );
  const warn = (message: string): void =>
    work.emit({ type: 'warning', code: 'debate-families', message, task: task.id });
  if ('problem' in chosen) {
    warn(`its work is not debated: ${chosen.problem}`);
    return null;
  }
  chosen.warnings.forEach(warn);
  const own = filesBelow(files, 'debate');
  const proposal = workText(candidate, 'notes');
  const context = {
    asking: work,
    id: `${purpose.feature}/${task.id}`,
    proposal,
    original: proposal,
    debaters: chosen.debaters,
    settings,
    files: own,
  };
  const result = await runDebate(context, async () => undefined);
  await own.write('final.md', finalPage(result.position));
  await own.write('transcript.md', transcriptPage(result, proposal));
  const findings = result.position.issues.flatMap((issue): Finding[] => {
    const { outcome, severity, title, claim, evidence, breaks } = issue;
    if (!isSerious(issue) || (outcome?.stance === 'defend' && !outcome.insisted)) return [];
    const quotes = evidence.flatMap(({ quote, found }) => (found ? `«${quote}»` : []));
    return [
      {
        category: 'debate',
        severity,
        evidence: [`${title}.`, claim, `Breaks: ${breaks}`, ...quotes].join(' '),
        location: null,
        standing: 'grounded',
        reason: 'it quotes the work, and was not defended in the debate',
        fixHint: outcome?.change ?? 'Settle it, or say in the work why it stands.',
      },
    ];
  });
  if (findings.length === 0) return null;
  const { critics, judge } = chosen.debaters;
  const writer = critics.find(({ label }) => label === result.position.winner?.winner) ?? judge;
  const reviewer = modelNamed(work, 'critic', writer.model, 'spoke in the debate').identity;
  return {
    reviewer,
    review: { verdict: 'revise', summary: result.position.summary, scores: unscored, findings },
  };
}

/** A debate gives no scores; nothing ranks work by these. */
const unscored = { correctness: 0.5, consistency: 0.5, safety: 0.5, efficiency: 0.5, clarity: 0.5 };

function chosenOrProblem<T>(choose: () => T): T | { readonly problem: string } {
  try {
    return choose();
  } catch (error) {
    if (error instanceof BlueprintError) return { problem: error.message };
    throw error;
  }
}
