import { answersReplySchema } from '../domain/debate.ts';
import type { SkippedLines } from '../domain/event.ts';
import { createAnswersFold, type AnswerPair } from '../report/preferences/debate-answers.ts';
import { skip, type Skipped } from '../report/preferences/evidence.ts';
import { createEvidenceFold } from '../report/preferences/fold.ts';
import { messagesOf } from '../report/preferences/formats.ts';
import type { PreferencePair } from '../report/preferences/lines.ts';
import { parseJsonAs } from '../text/json-as.ts';
import { exportSources, keptCall, keptPrompt, type ExportSource } from './export-sources.ts';
import { pairsOfAttempts, type FoundPair } from './preference-groups.ts';
import type { Program } from './program.ts';

export type { PreferencePair };

/** What was passed over, by why. */
export interface ExportSkipped {
  readonly pairs: Skipped;
  /** Of the journals. */
  readonly lines: SkippedLines;
}

/**
 * The pairs of one feature, or of all features, asks, tournaments and debates: in the order of the folders,
 * and there of the work. Nothing is written. Secrets are taken out.
 * @returns when the last pair was taken, what was passed over
 * @throws BlueprintError `feature-not-found` @throws InterruptedError
 */
export async function* preferencePairs(
  { feature }: { readonly feature: string | null },
  program: Program,
  signal: AbortSignal,
): AsyncGenerator<PreferencePair, ExportSkipped> {
  const skipped: Skipped = {};
  const lines = { unreadable: 0, unknown: 0 };
  for (const source of await exportSources(feature, program, signal)) {
    const evidence = createEvidenceFold(source.kind === 'feature' ? 'feature' : 'ad-hoc');
    const answers = createAnswersFold();
    const passed = await source.readEvents((event) => {
      if (source.kind !== 'debates') evidence.follow(event);
      answers.follow(event);
    });
    lines.unreadable += passed.unreadable;
    lines.unknown += passed.unknown;
    const found = pairsOfAttempts(source, evidence.attempts(), program, signal, skipped);
    for await (const pair of found) yield ofWorks(source, pair);
    for (const pair of answers.pairs(skipped)) {
      const pairs = await ofAnswers(source, pair, program);
      if (pairs === null) skip(skipped, 'prompt-missing');
      else yield pairs;
    }
  }
  return { pairs: skipped, lines };
}

function ofWorks(
  { path, feature }: ExportSource,
  { task, prompt, pair: { chosen, rejected, evidence } }: FoundPair,
): PreferencePair {
  return {
    prompt: prompt.messages,
    chosen: chosen.text,
    rejected: rejected.text,
    folder: path,
    feature,
    task,
    attempts: [...new Set([...chosen.attempts, ...rejected.attempts])].sort((a, b) => a - b),
    models: { chosen: chosen.models, rejected: rejected.models },
    evidence,
  };
}

/** Null where a call of it is not kept any more. */
async function ofAnswers(
  source: ExportSource,
  { task, question, chosen, rejected, evidence }: AnswerPair,
  { redactor }: Program,
): Promise<PreferencePair | null> {
  const asked = await keptCall(source, question);
  const parts = asked && (await keptPrompt(source, asked));
  const good = await answersOf(source, chosen);
  const bad = await answersOf(source, rejected);
  if (parts === null || good === null || bad === null) return null;
  return {
    prompt: messagesOf(redactor.deep(parts)),
    chosen: redactor.all(good.text),
    rejected: redactor.all(bad.text),
    folder: source.path,
    feature: source.feature,
    task,
    attempts: [],
    models: { chosen: [good.model], rejected: [bad.model] },
    evidence,
  };
}

async function answersOf(
  source: ExportSource,
  hash: string,
): Promise<{ text: string; model: string } | null> {
  const call = await keptCall(source, hash);
  const answers = parseJsonAs(call?.text ?? null, answersReplySchema);
  if (call === null || answers === null) return null;
  const { provider, model } = call.identity.ref;
  return { text: JSON.stringify(answers), model: `${provider}/${model}` };
}
