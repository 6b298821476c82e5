import type { Candidate } from '../../domain/candidate.ts';
import type { BlueprintError } from '../../domain/errors.ts';
import { failedGates, gateSummaries, type GateResult } from '../../domain/gate-result.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import { toSingleLine } from '../../domain/text.ts';
import type { ModelIdentity } from '../../models/language-model.ts';
import { rememberChecks } from '../../supervisor/checks.ts';
import { askCritics, type CriticsResult } from '../../supervisor/critics/ask-critics.ts';
import {
  bestPossible,
  consolidate,
  type Consolidated,
  type Judged,
  type Opinion,
} from '../../supervisor/critics/consolidate.ts';
import { settleOpinions, type SettledOpinions } from '../../supervisor/critics/settle-opinions.ts';
import { emitGates, emitStep, type Work } from '../../supervisor/work.ts';
import { contentKey } from '../../text/content-key.ts';
import type { TournamentContext } from './context.ts';
import { canStillWin, depthOf, isVetoed, type Standing } from './rank.ts';

/** A candidate with all the evidence on it. */
export interface Contestant extends Standing {
  readonly candidate: Candidate;
  readonly gates: readonly GateResult[];
  /** Empty where a check failed: critics are then not asked. */
  readonly opinions: readonly Opinion[];
  readonly reviewer: ModelIdentity | null;
  /** The gates' results are those of an earlier process. */
  readonly recorded: boolean;
  /** A second reader has had what its critics found, where one was to be asked. */
  readonly isRead: boolean;
  /** See `SettledOpinions`. */
  readonly doubted: string | null;
  /** Why no further call may be made. */
  readonly stop: BlueprintError | null;
}

type Checkable = Pick<Contestant, 'candidate' | 'gates'>;

interface Panel {
  readonly stop: AbortController;
  readonly judged: Judged;
  readonly opinions: Opinion[];
  readonly result: Promise<CriticsResult & SettledOpinions>;
}

/** Assesses candidates as they come; duplicates share their checks and their critics. */
export type Assess = (
  work: Work,
  id: string,
  candidate: Candidate,
  /** Of what was seen in the reply itself. */
  ownGates: readonly GateResult[],
) => Promise<Contestant>;

/**
 * Checks and critics for the candidates of one tournament: critics are asked as soon as the candidate's own
 * checks have passed. With `earlyStop`, those of a candidate that can no longer win are ended.
 */
export function createAssess(context: TournamentContext): Assess {
  const { checks, settings, files } = context;
  const blockingGates = checks.blocking;
  const remembered = rememberChecks(checks, files);
  const panels = new Map<string, Panel>();
  const through: Consolidated[] = [];

  const reconsider = (): void => {
    if (!settings.earlyStop) return;
    for (const { stop, judged, opinions } of panels.values()) {
      const best = bestPossible(judged, blockingGates, opinions, settings);
      if (!canStillWin(best, through, settings.margin)) stop.abort();
    }
  };

  const panelFor = (
    work: Work,
    { content, id, candidate, gates }: Omit<Standing, 'consolidated'> & Checkable,
  ): Panel => {
    const known = panels.get(content);
    if (known !== undefined) return known;
    const stop = new AbortController();
    const opinions: Opinion[] = [];
    const asked = askCritics(
      work,
      {
        id,
        label: `candidate-${content.slice(0, 8)}`,
        candidate,
        passedGates: gates.flatMap(({ gate, status }) => (status === 'passed' ? [gate] : [])),
        stop: stop.signal,
        onOpinion(opinion) {
          opinions.push(opinion);
          reconsider();
        },
      },
      context,
    );
    const result = asked.then(async (found) => {
      const { reviewer } = found;
      const on = { id, candidate, gates, opinions: found.opinions, reviewer };
      return { ...found, ...(await settleOpinions(work, on, { asks: false, files })) };
    });
    const judged = judgedIn(context, gates, candidate);
    const panel = { stop, judged, opinions, result };
    panels.set(content, panel);
    return panel;
  };

  return async (work, id, candidate, ownGates) => {
    const content = contentKey(candidate.changes);
    const { gates: results, recorded } = await remembered.check(candidate, work.signal);
    const gates = [...ownGates, ...results];
    const depth = depthOf(gates, blockingGates);
    const failed = failedGates(gates, blockingGates);
    if (!recorded) emitGates(work, work.purpose, id, gates);
    const model = formatModelRef(candidate.author.ref);
    const found = failed.length === 0 ? '' : `; ${gateSummaries(failed)}`;
    emitStep(work, {
      of: 'tournament',
      step: 'candidate',
      name: id,
      outcome: failed.length > 0 ? 'blocked' : 'passed',
      detail: toSingleLine(`by ${model}${found}`),
      data: { candidate: id, model, content },
    });
    const base = { id, content, candidate, gates, depth, recorded };
    const judged = judgedIn(context, gates, candidate);
    if (failed.length > 0) {
      const consolidated = consolidate(judged, blockingGates, [], settings);
      const nobody = { opinions: [], reviewer: null, doubted: null, isRead: true, stop: null };
      return { ...base, ...nobody, consolidated };
    }
    const panel = panelFor(work, base);
    const { opinions, reviewer, doubted, stop } = await panel.result;
    const consolidated = consolidate(judged, blockingGates, opinions, settings);
    through.push(consolidated);
    reconsider();
    const isRead = work.findings.mode === 'any' || !isVetoed(consolidated);
    return { ...base, opinions, reviewer, doubted, isRead, stop, consolidated };
  };
}

/** A work as critics judge it. */
export function judgedIn(
  { work }: Pick<TournamentContext, 'work'>,
  gates: readonly GateResult[],
  { changes }: Pick<Candidate, 'changes'>,
): Judged {
  return { gates, changes, mode: work.findings.mode };
}
