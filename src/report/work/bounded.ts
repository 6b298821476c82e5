import type { Finding } from '../../domain/review.ts';
import { counted } from '../../text/counted.ts';
import type { AttemptReading, RoundReading } from './attempts.ts';
import { bounds, cutText, firstOf } from './bounds.ts';

/** Characters that are left for all that shares them. */
export interface Room {
  /** Whether so many were left; they then are not any more. */
  take(characters: number): boolean;
}

export function roomFor(characters: number): Room {
  let left = characters;
  return {
    take(wanted) {
      if (wanted > left) return false;
      left -= wanted;
      return true;
    },
  };
}

/** An attempt with as much of what was found as there is room for. @param leave hears what is left out */
export function boundedAttempt(
  attempt: AttemptReading,
  room: Room,
  leave: (what: string) => void,
): AttemptReading {
  const steps = firstOf(attempt.steps, bounds.list);
  if (steps.leftOut > 0) leave(counted(steps.leftOut, 'step'));
  const { context } = attempt;
  return {
    ...attempt,
    reason: attempt.reason === null ? null : cutText(attempt.reason),
    steps: steps.items.map((step) => ({ ...step, detail: cutText(step.detail, 400) })),
    context: context && {
      ...context,
      files: (context.files ?? []).slice(0, bounds.list),
      leftOut: context.leftOut.slice(0, bounds.list),
    },
    rounds: attempt.rounds.map((round) => boundedRound(round, room, leave)),
  };
}

function boundedRound(
  round: RoundReading,
  room: Room,
  leave: (what: string) => void,
): RoundReading {
  const { gates, review, files } = round;
  return {
    ...round,
    files: files.slice(0, bounds.list),
    gates: gates.map((gate) => ({
      ...gate,
      summary: cutText(gate.summary, 600),
      findings: boundedFindings(gate.findings, room, leave),
    })),
    review: review && {
      ...review,
      said: {
        ...review.said,
        summary: cutText(review.said.summary),
        findings: boundedFindings(review.said.findings, room, leave),
      },
    },
  };
}

function boundedFindings(
  findings: readonly Finding[],
  room: Room,
  leave: (what: string) => void,
): Finding[] {
  const shown: Finding[] = [];
  for (const finding of findings) {
    const evidence = cutText(finding.evidence);
    const fixHint = cutText(finding.fixHint);
    if (shown.length === bounds.findings || !room.take(evidence.length + fixHint.length)) break;
    const location = finding.location && cutText(finding.location, 300);
    const { severity, id, standing, reason } = finding;
    shown.push({
      severity,
      category: cutText(finding.category, 80),
      location,
      evidence,
      fixHint,
      ...(id !== undefined && { id }),
      ...(finding.cites && { cites: cutText(finding.cites, 80) }),
      ...(standing !== undefined && { standing }),
      ...(reason !== undefined && { reason: cutText(reason, 600) }),
    });
  }
  const missing = findings.length - shown.length;
  if (missing > 0) leave(counted(missing, 'finding'));
  return shown;
}
