import { throwIfAborted } from '../domain/errors.ts';
import { skip, type Skipped } from '../report/preferences/evidence.ts';
import { pairsAmong, type Pair } from '../report/preferences/pairs.ts';
import type { SeenAttempt } from '../report/preferences/seen-work.ts';
import type { ExportSource } from './export-sources.ts';
import { judgedWorks, worksOf, type GroupWork } from './group-works.ts';
import { promptOf, type KeptPrompt } from './kept-prompt.ts';
import type { Program } from './program.ts';

export interface FoundPair {
  readonly task: string | null;
  readonly prompt: KeptPrompt;
  readonly pair: Pair<GroupWork>;
}

/** The pairs in a folder, task by task. @param skipped takes what is none, by why */
export async function* pairsOfAttempts(
  source: ExportSource,
  attempts: readonly SeenAttempt[],
  program: Program,
  signal: AbortSignal,
  skipped: Skipped,
): AsyncGenerator<FoundPair> {
  const byTask = new Map<string | null, SeenAttempt[]>();
  for (const attempt of attempts) {
    const own = byTask.get(attempt.task) ?? [];
    own.push(attempt);
    byTask.set(attempt.task, own);
  }
  for (const [task, own] of byTask) {
    throwIfAborted(signal);
    for (const attempt of own) {
      skip(skipped, 'truncated', attempt.truncated.size);
      skip(skipped, 'refused', attempt.refused.size);
    }
    const judged = own.filter((attempt) => judgedWorks(attempt).length > 0);
    // A work alone is no pair: nothing of it has to be read.
    if (judged.flatMap(judgedWorks).length < 2) continue;
    const groups = new Map<string, { prompt: KeptPrompt; own: SeenAttempt[] }>();
    for (const attempt of judged) {
      const prompt = await promptOf(source, attempt, program);
      if (prompt === null) {
        skip(skipped, 'prompt-missing', judgedWorks(attempt).length);
        continue;
      }
      const group = groups.get(prompt.hash) ?? { prompt, own: [] };
      group.own.push(attempt);
      groups.set(prompt.hash, group);
    }
    for (const { prompt, own } of groups.values()) {
      const works = await worksOf(source, own, prompt, program, skipped);
      const judgements = own.flatMap((attempt) => [...attempt.judgements.values()]);
      for (const pair of pairsAmong(works, judgements, skipped)) yield { task, prompt, pair };
    }
  }
}
