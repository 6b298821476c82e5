import type { GateRunning, RunEvent } from '../domain/event.ts';
import { isBlocking, type Finding } from '../domain/review.ts';
import { toSingleLine } from '../domain/text.ts';
import { counted } from '../text/counted.ts';

/** Finished lines for people about an event; none for those that only a live view shows. */
export function eventLines(event: RunEvent): string[] {
  const line = eventLine(event);
  if (line === null) return [];
  if (event.type !== 'review-finish') return [line];
  const blocking = event.review.findings.filter(isBlocking);
  return [line, ...blocking.map((finding) => prefixed(event.task, `  ${findingLine(finding)}`))];
}

/** What is wrong, and where, in a line. */
function findingLine({ severity, location, category, evidence }: Finding): string {
  return `${severity} ${toSingleLine(location ?? category, 80)}: ${toSingleLine(evidence, 160)}`;
}

/** How many that would block do not count, and why. */
function standingCounts(findings: readonly Finding[]): string {
  const count = (wanted: Finding['standing']): number =>
    findings.filter(({ standing }) => standing === wanted).length;
  const [doubtful, refuted] = [count('doubtful'), count('refuted')];
  return `${doubtful > 0 ? `, ${doubtful} in doubt` : ''}${refuted > 0 ? `, ${refuted} refuted` : ''}`;
}

/** The first, or only, line about an event; null for those that only a live view shows. */
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
    case 'context-pack': {
      const { kept, files = [], leftOut } = event;
      const left = leftOut.length === 0 ? [] : [`left out of the context: ${leftOut.join('; ')}`];
      const along =
        kept === undefined || event.tokens === 0 ? [] : [alongLine(files, event.tokens, kept)];
      const said = [...along, ...left].join('; ');
      return said === '' ? null : prefixed(event.task, said);
    }
    case 'step-finish': {
      const name = event.name === null ? '' : ` ${event.name}`;
      const detail = event.detail === '' ? '' : ` (${event.detail})`;
      const outcome = event.outcome.replaceAll('_', ' ');
      return prefixed(event.task, `${event.of} ${event.step}${name}: ${outcome}${detail}`);
    }
    case 'candidate-ready':
      return prefixed(event.task, `proposes ${event.files.join(', ')}`);
    case 'gate-finish':
      // What the gates say of one of several candidates is in the line on that candidate.
      return event.candidate === null
        ? prefixed(
            event.task,
            `gate ${event.result.gate}: ${event.result.status} (${event.result.summary})`,
          )
        : null;
    case 'review-finish': {
      const blocking = event.review.findings.filter(isBlocking).length;
      const count = event.review.findings.length;
      return prefixed(
        event.task,
        `review ${event.round} by ${event.reviewer}: ${event.review.verdict}, ${counted(count, 'finding')}${blocking > 0 ? `, ${blocking} blocking` : ''}${standingCounts(event.review.findings)}${event.sameFamily ? ' (same family as the author)' : ''}`,
      );
    }
    case 'judge-finish': {
      const better = event.outcome === 'tie' ? 'neither' : `the ${event.outcome}`;
      return prefixed(
        event.task,
        `${event.judge} compared two pieces of work: ${better} is better${event.flipped ? ' (its verdict turned with their order)' : ''}`,
      );
    }
    case 'correction-start':
      return prefixed(event.task, `correction ${event.round} by ${event.by}`);
    case 'task-finish':
      return prefixed(event.task, `${event.status.replace('_', ' ')}: ${event.reason}`);
    case 'apply-finish':
      return `applied ${counted(event.files.length, 'file')} of ${event.feature}`;
    case 'undo-finish':
      return `undone: ${counted(event.files.length, 'file')} of ${event.feature} as before`;
    case 'gate-outlook':
      return prefixed(null, `${event.gate} before any work: ${event.found}`);
    case 'gate-progress': {
      const words = runningLine(event);
      return words === null ? null : prefixed(event.task, words);
    }
    case 'index-progress':
      return `reading the project: ${event.done} of ${counted(event.all, 'file')}`;
    case 'warning':
      return prefixed(event.task, `warning: ${event.message}`);
    case 'run-start':
    case 'run-finish':
    case 'call-start':
    case 'call-delta':
    case 'task-status':
    case 'decision':
      return null;
  }
}

/** What of the project goes to the models with words that belong to no feature. */
function alongLine(files: readonly { path: string }[], tokens: number, kept: boolean): string {
  const what = files.length === 0 ? 'a map' : counted(files.length, 'file');
  const paths = toSingleLine(files.map(({ path }) => path).join(', '), 200);
  const since = kept ? ', as it was when this was begun' : '';
  const which = files.length === 0 ? '' : `: ${paths}`;
  return `${what} of the project, about ${tokens} tokens, to the models${since}${which}`;
}

/** Now and then: after 8, 16, 32 seconds and so on; else null. */
export function runningLine(running: GateRunning): string | null {
  const { runner, seconds, tests } = running;
  if (seconds < 8 || !Number.isInteger(Math.log2(seconds))) return null;
  const soFar =
    tests === 0 ? '' : `; ${counted(tests, 'test')} so far, the last ${lastTest(running)}`;
  return `${toSingleLine(runner, 80)} has run for ${seconds} s${soFar}`;
}

/** Empty where the runner tells nothing before its end. */
export function lastTest({ last }: GateRunning): string {
  return toSingleLine(last ?? '', 120);
}

const attention: ReadonlySet<string> = new Set([
  'BLOCKED',
  'incomplete',
  'blocked',
  'dropped',
  'failed',
  'needs_review',
  'not_taken',
  'revise',
  'unknown',
]);

/** Whether a step ended in a way that people should see at a glance. */
export function wantsAttention({ outcome }: { readonly outcome: string }): boolean {
  return attention.has(outcome);
}

function prefixed(task: string | null, text: string): string {
  return task === null ? text : `${task.padEnd(4)} ${text}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
