import { isRules } from '../domain/model-role.ts';
import {
  skip,
  type Evidence,
  type SkipReason,
  type Skipped,
} from '../report/preferences/evidence.ts';
import type { JudgedWork } from '../report/preferences/pairs.ts';
import { gatesSay, type SeenAttempt, type SeenWork } from '../report/preferences/seen-work.ts';
import type { ExportSource } from './export-sources.ts';
import type { KeptPrompt } from './kept-prompt.ts';
import { replyText, workReader, type KeptWork } from './kept-works.ts';
import type { Program } from './program.ts';

/** A work among the others that answer the same prompt. */
export interface GroupWork extends JudgedWork {
  readonly text: string;
  /** Who wrote at it, `provider/model`. */
  readonly models: readonly string[];
  /** Numbers of the attempts in which it came up. */
  readonly attempts: readonly number[];
}

/** The works of an attempt of which anything was said. */
export function judgedWorks(attempt: SeenAttempt): SeenWork[] {
  const { works, judgements, ranks } = attempt;
  // One author alone is the first of several answers, too.
  const areSeveral = works.has('answer-2') && judgements.size > 0;
  const isCompared = ({ name }: SeenWork): boolean =>
    name.startsWith('answer-')
      ? areSeveral
      : ranks.order.some(({ candidate }) => candidate === name);
  return [...works.values()].filter(
    (work) =>
      work.good.length + work.bad.length > 0 ||
      ['passed', 'failed'].includes(gatesSay(work).verdict) ||
      isCompared(work),
  );
}

/** Works with the same content are one, with all that was said of either. */
export async function worksOf(
  source: ExportSource,
  attempts: readonly SeenAttempt[],
  { codec }: KeptPrompt,
  program: Program,
  skipped: Skipped,
): Promise<GroupWork[]> {
  const read = workReader(source, program);
  const byContent = new Map<string, GroupWork>();
  const kinds = new Set<string>();
  for (const attempt of attempts)
    for (const seen of judgedWorks(attempt)) {
      const kept = unusable(seen) ?? (await read(attempt, seen));
      if (kept === null) continue;
      if (typeof kept === 'string') {
        skip(skipped, kept);
        continue;
      }
      const kind = `${attempt.attempt} ${seen.name.replace(/\d+$/, '')} ${kept.content}`;
      if (kinds.has(kind)) skip(skipped, 'identical');
      kinds.add(kind);
      const work = groupWork(attempt, seen, kept, program.redactor.all(replyText(kept, codec)));
      const known = byContent.get(kept.content);
      byContent.set(kept.content, known === undefined ? work : joined(known, work));
    }
  return [...byContent.values()];
}

/** Why a reply is no example of anything; null too, for what rules have written. */
function unusable({ calls }: SeenWork): SkipReason | null | undefined {
  // Of a reply and its repair the last is the work.
  const last = [...calls.values()].at(-1);
  if (last?.finishReason === 'length') return 'truncated';
  if (last?.finishReason === 'refusal') return 'refused';
  return last !== undefined && isRules(last.model) ? null : undefined;
}

function groupWork(
  attempt: SeenAttempt,
  seen: SeenWork,
  { content }: KeptWork,
  text: string,
): GroupWork {
  const { order, at } = attempt.ranks;
  const ranks = order
    .filter(({ candidate }) => candidate === seen.name)
    .map(({ score, blockers }) => ({ among: `${attempt.attempt}`, score, blockers, at }));
  // With a score critics have judged it; without one gates have refused it before.
  const critics = ranks.flatMap(({ score, blockers }): Evidence[] =>
    score !== null && blockers > 0 ? [{ kind: 'critics', at, by: null }] : [],
  );
  return {
    content,
    text,
    good: seen.good,
    bad: [...seen.bad, ...critics],
    gates: gatesSay(seen),
    ranks,
    models: authorsOf(attempt, seen),
    attempts: [attempt.attempt],
  };
}

/** A revision is its authors' before it, too. */
function authorsOf({ works }: SeenAttempt, { name, calls }: SeenWork): string[] {
  const own = [...calls.values()].map(({ model }) => model);
  const round = /^round-(\d+)$/.exec(name)?.[1];
  const before =
    round === undefined
      ? []
      : [...works.values()].flatMap((work) => {
          const earlier = /^round-(\d+)$/.exec(work.name)?.[1];
          const isEarlier = earlier !== undefined && Number(earlier) < Number(round);
          return isEarlier ? [...work.calls.values()].map(({ model }) => model) : [];
        });
  return [...new Set([...before, ...own])];
}

function joined(one: GroupWork, other: GroupWork): GroupWork {
  return {
    ...one,
    good: [...one.good, ...other.good],
    bad: [...one.bad, ...other.bad],
    gates: joinedGates(one.gates, other.gates),
    ranks: [...one.ranks, ...other.ranks],
    models: [...new Set([...one.models, ...other.models])],
    attempts: [...new Set([...one.attempts, ...other.attempts])],
  };
}

function joinedGates(one: JudgedWork['gates'], other: JudgedWork['gates']): JudgedWork['gates'] {
  if (one.verdict === 'neither' || one.verdict === other.verdict)
    return one.at > other.at && one.verdict === other.verdict ? one : other;
  return other.verdict === 'neither' ? one : { verdict: 'unsteady', at: other.at };
}
