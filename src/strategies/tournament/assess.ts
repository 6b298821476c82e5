import * as z from 'zod';
import type { Candidate } from '../../domain/candidate.ts';
import type { BlueprintError } from '../../domain/errors.ts';
import {
  erroredGates,
  failedGates,
  gateResultSchema,
  type GateResult,
} from '../../domain/gate-result.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import { toSingleLine } from '../../domain/text.ts';
import type { ModelIdentity } from '../../models/language-model.ts';
import { bestPossible, consolidate, type Consolidated, type Opinion } from './consolidate.ts';
import { contentKey, exactKey } from '../../text/content-key.ts';
import type { TournamentContext } from './context.ts';
import { judgeByPanel, type PanelResult } from './panel.ts';
import { canStillWin, depthOf, type Standing } from './rank.ts';
import { readRecord, recordJson } from './tournament-record.ts';

/** A candidate with all the evidence on it. */
export interface Contestant extends Standing {
  readonly candidate: Candidate;
  readonly gates: readonly GateResult[];
  /** Empty where a check failed: critics are then not asked. */
  readonly opinions: readonly Opinion[];
  readonly reviewer: ModelIdentity | null;
  /** The gates' results are those of an earlier process. */
  readonly recorded: boolean;
  /** Why no further call may be made. */
  readonly stop: BlueprintError | null;
}

interface Panel {
  readonly stop: AbortController;
  readonly gates: readonly GateResult[];
  readonly opinions: Opinion[];
  readonly result: Promise<PanelResult>;
}

const gateRecordSchema = z.array(gateResultSchema);

/** Assesses candidates as they come; duplicates share their checks and their critics. */
export type Assess = (
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
  const { blockingGates, settings, emit, task, purpose } = context;
  const checked = new Map<string, Promise<{ gates: GateResult[]; recorded: boolean }>>();
  const panels = new Map<string, Panel>();
  const through: Consolidated[] = [];

  const reconsider = (): void => {
    if (!settings.earlyStop) return;
    for (const { stop, gates, opinions } of panels.values()) {
      const best = bestPossible(gates, blockingGates, opinions, settings);
      if (!canStillWin(best, through, settings.margin)) stop.abort();
    }
  };

  const panelFor = (content: string, id: string, work: Candidate, gates: GateResult[]): Panel => {
    const known = panels.get(content);
    if (known !== undefined) return known;
    const stop = new AbortController();
    const opinions: Opinion[] = [];
    const result = judgeByPanel(
      {
        id,
        label: `candidate-${content.slice(0, 8)}`,
        candidate: work,
        passedGates: gates.flatMap(({ gate, status }) => (status === 'passed' ? [gate] : [])),
        stop: stop.signal,
        onOpinion(opinion) {
          opinions.push(opinion);
          reconsider();
        },
      },
      context,
    );
    const panel = { stop, gates, opinions, result };
    panels.set(content, panel);
    return panel;
  };

  return async (id, candidate, ownGates) => {
    const exact = exactKey(candidate.changes);
    const content = contentKey(candidate.changes);
    const check = checked.get(exact) ?? checkOnce(exact, candidate, context);
    checked.set(exact, check);
    const { gates: results, recorded } = await check;
    const gates = [...ownGates, ...results];
    const depth = depthOf(gates, blockingGates);
    const failed = failedGates(gates, blockingGates);
    const { attempt, round } = purpose;
    if (!recorded)
      for (const result of gates)
        emit({ type: 'gate-finish', task: task.id, attempt, round, candidate: id, result });
    const model = formatModelRef(candidate.author.ref);
    const found = failed.map(({ gate, summary }) => `${gate}: ${summary}`);
    emit({
      type: 'step-finish',
      task: task.id,
      of: 'tournament',
      step: 'candidate',
      name: id,
      outcome: failed.length > 0 ? 'blocked' : 'passed',
      detail: toSingleLine([`by ${model}`, ...found].join('; ')),
      data: { candidate: id, model, content },
    });
    const base = { id, content, candidate, gates, depth, recorded };
    if (failed.length > 0) {
      const consolidated = consolidate(gates, blockingGates, [], settings);
      return { ...base, opinions: [], reviewer: null, stop: null, consolidated };
    }
    const panel = panelFor(content, id, candidate, gates);
    const { opinions, reviewer, stop } = await panel.result;
    const consolidated = consolidate(gates, blockingGates, opinions, settings);
    through.push(consolidated);
    reconsider();
    return { ...base, opinions, reviewer, stop, consolidated };
  };
}

/** The same work is not checked again after a kill: its output is part of what models were told. */
async function checkOnce(
  exact: string,
  candidate: Candidate,
  { record, check, signal }: TournamentContext,
): Promise<{ gates: GateResult[]; recorded: boolean }> {
  const name = `gates/${exact.slice(0, 16)}.json`;
  const kept = await readRecord(record, name, gateRecordSchema);
  if (kept !== null) return { gates: kept, recorded: true };
  const gates = await check(candidate, signal);
  // A check that broke says nothing of the work: it is made anew.
  if (erroredGates(gates).length === 0) await recordJson(record, name, gates);
  return { gates, recorded: false };
}
