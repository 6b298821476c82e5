import type { CallPurpose, RunEvent } from '../../domain/event.ts';
import type { TaskStatus } from '../../domain/task.ts';
import { withoutControls } from '../../domain/text.ts';
import type { Usage } from '../../domain/usage.ts';
import { lastTest } from '../../report/event-line.ts';
import { counted } from '../../text/counted.ts';
import { inOneLine } from './cells.ts';

/** A task, or a stage of planning, that is being worked on. */
export interface ActiveWork {
  readonly title: string;
  stage: string;
  model: string;
  /** The end of what is being written; the whole would grow without bound. */
  text: string;
  /** Characters written in this call. */
  written: number;
  /** What is written is for the program: JSON that nobody wants to read as it streams. */
  structured: boolean;
  /** When the call began, ms. */
  since: number;
}

export interface LiveDebate {
  /** What is going on, as `debating, round 2`. */
  readonly phase: string;
  /** By their severity; empty before the first was raised. */
  readonly issues: string;
  /** Until all is said, at most, ms; null where nothing can be said. */
  readonly leftMs: number | null;
}

export interface LiveState {
  /** By task id; '' for planning. */
  readonly active: ReadonlyMap<string, ActiveWork>;
  /** Tasks that this run has to do; 0 when it is no run. */
  readonly total: number;
  readonly finished: Readonly<Partial<Record<TaskStatus, number>>>;
  /** USD of this run's calls, as far as it is known. */
  readonly usd: number;
  /** Calls of which the cost is not known. */
  readonly unpriced: number;
  /** Of a debate that is held; null where none is. */
  readonly debate: LiveDebate | null;
  /** Calls that were answered. */
  readonly calls: number;
  /** ms */
  readonly startedAt: number;
  /** When the last task was finished, ms; null before that. */
  readonly finishedAt: number | null;
  follow(event: RunEvent, now: number): void;
}

type Changing = { -readonly [Key in keyof LiveState]: LiveState[Key] };

const keptText = 4_000;
const jsonBegins = /^\s*(?:```(?:json)?\s*)?[[{]/;
const planning = '';
/** What runs before the first task. */
const beforeWork = 'before any work';

/** What a live view shows, derived from the events alone. */
export function createLiveState(startedAt: number): LiveState {
  const active = new Map<string, ActiveWork>();
  const finished: Partial<Record<TaskStatus, number>> = {};
  const begin = (key: string, title: string, stage: string, now: number): void => {
    active.set(key, { title: inOneLine(title), ...fresh(stage, now) });
  };

  /** Work that is there while its call is. */
  const beginPassing = (purpose: CallPurpose, now: number): void => {
    if (!isPassing(purpose)) return;
    const { stage, candidate, critic } = purpose;
    const which = [candidate, critic].filter((part) => part !== undefined).join(' · ');
    begin(keyOf(purpose), which === '' ? stageWords(stage) : which, 'waiting', now);
  };

  let pace: Pace | null = null;
  const state: Changing = {
    active,
    finished,
    startedAt,
    total: 0,
    usd: 0,
    unpriced: 0,
    debate: null,
    calls: 0,
    finishedAt: null,
    follow(event, now) {
      switch (event.type) {
        case 'run-start':
          state.total = event.tasks;
          break;
        case 'task-start':
          active.delete(beforeWork);
          begin(event.task, event.title, 'starting', now);
          break;
        case 'call-wait': {
          const key = keyOf(event.purpose);
          beginPassing(event.purpose, now);
          rest(active.get(key), 'waiting for its turn', now);
          break;
        }
        case 'call-start': {
          const key = keyOf(event.purpose);
          const stage = stageWords(event.purpose.stage);
          beginPassing(event.purpose, now);
          rest(active.get(key), stage, now, inOneLine(event.model));
          if (event.purpose.stage.startsWith('debate-')) {
            const { round } = event.purpose;
            const phase = round === 0 ? stage : `${stage}, round ${round}`;
            state.debate = { issues: '', leftMs: null, ...state.debate, phase };
          }
          break;
        }
        case 'call-delta': {
          const work = active.get(keyOf(event.purpose));
          if (work === undefined) break;
          work.text = (work.text + withoutControls(event.text)).slice(-keptText);
          work.written += event.text.length;
          // As long as the beginning is kept, it tells.
          if (work.written <= keptText) work.structured = jsonBegins.test(work.text);
          break;
        }
        case 'step-finish':
          if (event.of !== 'debate') break;
          pace = pacedBy(pace, event.data['left'], now);
          if (state.debate !== null) {
            const { issues } = state.debate;
            const raised = event.step === 'issues' ? inOneLine(event.detail) : issues;
            state.debate = { ...state.debate, issues: raised, leftMs: leftBy(pace) };
          }
          if (event.step === 'final') state.debate = null;
          break;
        case 'call-finish':
        case 'call-fail': {
          if (event.type === 'call-finish') state.calls++;
          if (event.type === 'call-fail' || !event.stored) {
            state.usd += event.usd ?? 0;
            if (event.usd === undefined && isUsed(event.usage)) state.unpriced++;
          }
          const key = keyOf(event.purpose);
          if (isPassing(event.purpose)) active.delete(key);
          else rest(active.get(key), 'checking', now);
          break;
        }
        case 'correction-start':
          rest(active.get(event.task), 'correcting', now);
          break;
        case 'task-finish':
          if (active.delete(event.task)) {
            finished[event.status] = (finished[event.status] ?? 0) + 1;
            state.finishedAt = now;
          }
          break;
        case 'task-status':
          // Also where no model could be reached: such a task is left, not finished.
          if (event.to !== 'in_progress') active.delete(event.task);
          break;
        case 'run-finish':
          active.clear();
          break;
        case 'gate-progress': {
          const key = event.task ?? beforeWork;
          if (event.task === null && !active.has(key)) begin(key, '', '', now);
          const work = active.get(key);
          if (work === undefined) break;
          const text =
            event.last === null
              ? ''
              : `${counted(event.tests, 'test')}, the last: ${lastTest(event)}`;
          const stage = `running ${inOneLine(event.runner)}`;
          const since = event.seconds === 0 ? now : work.since;
          Object.assign(work, { ...fresh(stage, since), text });
          break;
        }
        case 'index-progress': {
          if (!active.has(beforeWork)) begin(beforeWork, '', '', now);
          const work = active.get(beforeWork);
          if (work === undefined) break;
          const stage = `reading the project: ${event.done} of ${counted(event.all, 'file')}`;
          Object.assign(work, { ...fresh(stage, work.since), text: '' });
          if (event.done === event.all) active.delete(beforeWork);
          break;
        }
        case 'gate-finish':
          rest(active.get(event.task ?? planning), 'checking', now);
          break;
        case 'gate-outlook':
        case 'warning':
          active.delete(beforeWork);
          break;
        case 'stage-start':
        case 'stage-finish':
        case 'route-decide':
        case 'route-fallback':
        case 'route-cooldown':
        case 'call-retry':
        case 'context-pack':
        case 'candidate-ready':
        case 'review-finish':
        case 'judge-finish':
        case 'decision':
        case 'apply-finish':
        case 'undo-finish':
          break;
      }
    },
  };
  return state;
}

/** Calls of a debate that came one after the other, and those that may still come. */
interface Pace {
  readonly since: number;
  readonly began: number;
  readonly left: number;
  /** ms for each call so far. */
  readonly each: number | null;
}

function pacedBy(pace: Pace | null, left: unknown, now: number): Pace | null {
  if (typeof left !== 'number') return pace;
  if (pace === null) return { since: now, began: left, left, each: null };
  const done = Math.max(1, pace.began - left);
  return { ...pace, left, each: (now - pace.since) / done };
}

/** Null before the first call has ended, and where all so far were kept from before. */
function leftBy(pace: Pace | null): number | null {
  const each = pace?.each ?? 0;
  return pace === null || each < 100 ? null : each * pace.left;
}

/** Calls for one task at the same time have a line each. */
function keyOf({ task, candidate, critic }: CallPurpose): string {
  return [task ?? planning, candidate, critic].filter((part) => part !== undefined).join(' ');
}

function isPassing({ task, candidate }: CallPurpose): boolean {
  return task === null || candidate !== undefined;
}

function rest(work: ActiveWork | undefined, stage: string, now: number, model = ''): void {
  if (work !== undefined) Object.assign(work, fresh(stage, now, model));
}

/** Nothing is written yet. */
function fresh(stage: string, now: number, model = ''): Omit<ActiveWork, 'title'> {
  return { stage, model, text: '', written: 0, structured: false, since: now };
}

const words: Readonly<Record<string, string>> = {
  clarify: 'looking for open questions',
  spec: 'writing the spec',
  plan: 'planning the tasks',
  refine: 'refining the task list',
  execute: 'writing',
  correct: 'correcting',
  review: 'reviewing',
  'review-task': 'reviewing',
  critique: 'judging',
  synthesize: 'combining',
  judge: 'comparing',
  'debate-summary': 'shortening the proposal',
  'debate-baseline': 'criticising',
  'debate-round': 'debating',
  'debate-judge': 'comparing',
  'debate-peer-review': 'weighing the issues',
  'debate-defence': 'answering',
  'debate-reply': 'replying',
  'debate-final': 'writing the final position',
  'debate-checklist': 'completing the checklist',
  'debate-apply': 'changing the text',
};

function stageWords(stage: string): string {
  const [name = stage, repair] = stage.split(':');
  const known = words[name] ?? name;
  return repair === undefined ? known : `${known} (again: the reply was not as asked)`;
}

function isUsed(usage: Usage | undefined): boolean {
  return usage !== undefined && usage.input + usage.output > 0;
}
