import type { RunEvent } from '../domain/event.ts';
import { isBlocking } from '../domain/review.ts';

type Ranked = Extract<RunEvent, { type: 'candidates-rank' }>['order'][number];

/** A finished line for people about an event, or null for those that only a live view shows. */
export function eventLine(event: RunEvent): string | null {
  switch (event.type) {
    case 'stage-start':
      return null;
    case 'stage-finish':
      return `${event.stage}: ${event.summary}${event.resumed ? ' (kept from before)' : ''}`;
    case 'route-decide': {
      const { role, chosen, reason } = event.decision;
      return prefixed(event.task, `${role} → ${chosen} (${reason})`);
    }
    case 'route-fallback':
      return `${event.role}: ${event.from} could not answer (${event.kind}); asking ${event.to}`;
    case 'route-cooldown':
      return `${event.model} is passed over for ${Math.round(event.forMs / 1000)} s: it failed (${event.kind})`;
    case 'call-wait':
      return prefixed(event.purpose.task, `${event.model}: waits for its turn (${event.reason})`);
    case 'call-retry':
      return prefixed(
        event.purpose.task,
        `${event.model}: ${event.kind}; try ${event.tries + 1} in ${seconds(event.delayMs)}`,
      );
    case 'call-fail':
      return event.kind === 'interrupted'
        ? null
        : prefixed(event.purpose.task, `${event.model} failed (${event.kind}): ${event.message}`);
    case 'call-finish':
      return event.stored
        ? prefixed(
            event.purpose.task,
            `${event.purpose.stage}: reply kept from before, nothing paid`,
          )
        : null;
    case 'task-start':
      return prefixed(
        event.task,
        `${event.resumed ? 'goes on' : 'starts'}: ${event.title}${event.attempt > 1 ? ` (attempt ${event.attempt})` : ''}`,
      );
    case 'context-pack':
      return event.leftOut.length === 0
        ? null
        : prefixed(event.task, `left out of the context: ${event.leftOut.join('; ')}`);
    case 'ensemble-plan': {
      const { mode, modeReason, category, primaries, validators } = event.plan;
      const names = (members: typeof primaries): string =>
        members.map(({ model }) => model).join(', ');
      return prefixed(
        event.task,
        `${mode} (${modeReason}), ${category.category} (${category.reason}): asks ${names(primaries)}${validators.length === 0 ? '' : `; ${names(validators)} will judge`}`,
      );
    }
    case 'ensemble-answer':
      return prefixed(
        event.task,
        event.failure !== null
          ? `${event.model} gave no answer (${event.failure})`
          : `${event.model} answers${event.files.length === 0 ? '' : ` with ${event.files.join(', ')}`}`,
      );
    case 'ensemble-finish':
      return prefixed(
        event.task,
        `${event.answered} of ${event.asked} answered, ${event.how}${event.needsReview.length === 0 ? '' : `; a person must look: ${event.needsReview.join(', ')}`}`,
      );
    case 'candidate-ready':
      return prefixed(event.task, `proposes ${event.files.join(', ')}`);
    case 'gate-finish':
      return prefixed(
        event.task,
        `gate ${event.result.gate}: ${event.result.status} (${event.result.summary})`,
      );
    case 'review-finish': {
      const blocking = event.review.findings.filter(isBlocking).length;
      const count = event.review.findings.length;
      return prefixed(
        event.task,
        `review ${event.round} by ${event.reviewer}: ${event.review.verdict}, ${count} finding${count === 1 ? '' : 's'}${blocking > 0 ? `, ${blocking} blocking` : ''}${event.sameFamily ? ' (same family as the author)' : ''}`,
      );
    }
    case 'candidate-finish':
      return prefixed(
        event.task,
        `candidate ${event.candidate}${event.model === null ? '' : ` by ${event.model}`}: ${event.outcome}${event.detail === '' ? '' : ` (${event.detail})`}`,
      );
    case 'critic-finish':
      return prefixed(
        event.task,
        `critic ${event.critic} on ${event.candidate}: ${event.verdict}${event.detail === '' ? '' : ` (${event.detail})`}`,
      );
    case 'candidates-rank':
      return prefixed(event.task, `ranking: ${event.order.map(rankText).join(', ')}`);
    case 'synthesis-finish':
      return prefixed(
        event.task,
        `synthesis ${event.round}: ${event.accepted ? 'taken' : 'not taken'} (${event.reason})`,
      );
    case 'tournament-finish':
      return prefixed(
        event.task,
        `winner ${event.winner}: ${event.approved ? 'approved' : `for a person to review${event.needsReview.length === 0 ? '' : ` (${event.needsReview.join(', ')})`}`}`,
      );
    case 'correction-start':
      return prefixed(event.task, `correction ${event.round} by ${event.by}`);
    case 'task-finish':
      return prefixed(event.task, `${event.status.replace('_', ' ')}: ${event.reason}`);
    case 'apply-finish':
      return `applied ${count(event.files.length)} of ${event.feature}`;
    case 'undo-finish':
      return `undone: ${count(event.files.length)} of ${event.feature} as before`;
    case 'warning':
      return prefixed(event.task, `warning: ${event.message}`);
    case 'run-start':
    case 'run-finish':
    case 'call-start':
    case 'call-delta':
    case 'task-status':
      return null;
  }
}

function rankText({ candidate, score, blockers }: Ranked): string {
  const shown = score === null ? 'no score' : score.toFixed(2);
  return `${candidate} ${shown}${blockers === 0 ? '' : `, ${blockers} blocking`}`;
}

function prefixed(task: string | null, text: string): string {
  return task === null ? text : `${task.padEnd(4)} ${text}`;
}

function count(files: number): string {
  return `${files} file${files === 1 ? '' : 's'}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
