import { unpermittedPaths } from '../domain/autorun.ts';
import {
  authorsOf,
  isThere,
  wholeBundle,
  type Candidate,
  type ReadBase,
} from '../domain/candidate.ts';
import { formatModelRef, isRules, roleOfType } from '../domain/model-role.ts';
import type { NeedsReviewReason } from '../domain/needs-review.ts';
import { estimatePromptTokens, toSingleLine } from '../domain/text.ts';
import type { MessagePart } from '../models/language-model.ts';
import type { StrategyResult } from '../strategies/strategy.ts';
import { checksOf, rememberChecks, type Checks } from '../supervisor/checks.ts';
import { supervise } from '../supervisor/supervise.ts';
import type { Supervision } from '../supervisor/supervision.ts';
import { contextOf, type Work } from '../supervisor/work.ts';
import { contentKey } from '../text/content-key.ts';
import type { Acceptance } from '../acceptance/open.ts';
import type { Proof } from '../acceptance/prove.ts';
import { codingPrompt } from './coding-prompt.ts';
import {
  acceptanceFor,
  openCriteriaText,
  unnoticedText,
  withoutTests,
  withTests,
} from './held-work.ts';
import { scaffoldOn } from './scaffold.ts';
import { fileHashes, gateLines, reviewLine } from './task-result.ts';
import type { DebateOf, Workflow, WorkflowEnd, WorkflowInput } from './workflow.ts';

/** Makes files: a candidate, then supervision until it is approved or stopped. */
export const coding: Workflow = {
  prompt: codingPrompt,
  async run(input) {
    const begun = await input.begin();
    if ('moved' in begun) return begun;
    const known = new Set(begun.shown);
    const sentBack = await input.rejected();
    const given: Work = { ...input.work, context: contextOf(begun.prompt), known };
    const acceptance = await acceptanceFor(input, given, begun.prompt, sentBack);
    const part = acceptance?.part ?? null;
    const prompt = part === null ? begun.prompt : [...begun.prompt, part];
    const work: Work = { ...given, context: contextOf(prompt) };
    const { task, emit, signal, purpose } = work;
    const about = {
      ...input.checked,
      task,
      base: input.view,
      // A dispute may change what it is held to.
      get frozen() {
        return acceptance?.tests() ?? input.checked?.frozen ?? new Map<string, string>();
      },
    };
    const checks = checksOf(input.parts, about, input.files);
    const rejected = sentBack && withoutTests(sentBack, acceptance);
    // A person has seen what they sent back.
    for (const path of rejected?.candidate.changes.keys() ?? []) known.add(path);
    const found: StrategyResult =
      rejected === null
        ? await author(input, work, prompt, checks)
        : { winner: rejected.candidate, needsReview: [] };
    const { changes } = found.winner;
    emit({
      type: 'candidate-ready',
      task: task.id,
      attempt: purpose.attempt,
      round: 1,
      files: [...changes.keys()],
      content: contentKey(changes),
    });
    const debate = rejected === null ? debateOf(input) : undefined;
    const debated = (await debate?.(work, found.winner, input.files)) ?? undefined;
    const approval = debated ?? found.approval;
    const remembered = rememberChecks(checks, input.files);
    const supervision = await supervise(work, {
      candidate: found.winner,
      feedback: rejected?.feedback ?? null,
      ...(approval !== undefined && { approval }),
      async check(candidate, round) {
        const folder = `round-${round}`;
        await acceptance?.settle(candidate);
        let checked = await remembered.check(candidate, signal, folder);
        if (acceptance === null) return checked;
        if (await acceptance.examine(candidate, checked.gates))
          checked = await remembered.check(candidate, signal, `${folder}-again`);
        return { ...checked, gates: acceptance.decided(checked.gates) };
      },
      ...(acceptance !== null && { brings: acceptance.brings, look: acceptance.look }),
      verify: (candidate, round) => remembered.verify(candidate, signal, `round-${round}`),
      blockingGates: checks.blocking,
      // Where the review alone was asked for, nobody is paid to correct.
      maxIterations: rejected?.feedback === null ? 1 : input.parts.maxIterations,
      files: input.files,
      tryTests: checks.tryTests,
      keep: input.keepRound,
    });
    const blind = await replacedBlindly(supervision.candidate, known, work.base);
    const isApproved = supervision.approved && found.needsReview.length === 0 && blind.length === 0;
    const proof = await acceptance?.prove(supervision.candidate, isApproved);
    return endOf(supervision, { needsReview: found.needsReview, blind, proof, acceptance });
  },
};

/** Designs are debated as the config says, other work where its route asks for it. */
function debateOf({ parts, route, work: { task } }: WorkflowInput): DebateOf | undefined {
  if (route.controls.debate) return parts.debateRouted;
  return task.type === 'architecture' ? parts.debate : undefined;
}

async function author(
  { parts, files }: WorkflowInput,
  work: Work,
  prompt: readonly MessagePart[],
  checks: Checks,
): Promise<StrategyResult> {
  const { task, router, emit, base } = work;
  const role = roleOfType[task.type];
  const decision = router.decide(role, { contentTokens: estimatePromptTokens(prompt) });
  if (!isRules(decision.chosen)) return parts.strategy({ work, role, prompt, checks, files });
  emit({ type: 'route-decide', task: task.id, decision });
  return { winner: await scaffoldOn(base, task, parts.scaffold), needsReview: [] };
}

/** Existing files that the work changes and whose author never took notice of what they held. */
async function replacedBlindly(
  { changes, author: by }: Candidate,
  known: ReadonlySet<string>,
  base: ReadBase,
): Promise<string[]> {
  const found: string[] = [];
  if (isRules(by.ref)) return found;
  for (const [path, content] of changes)
    if (content !== null && !known.has(path) && (await isThere(path, base))) found.push(path);
  return found.sort();
}

interface Found {
  readonly needsReview: readonly NeedsReviewReason[];
  /** As `replacedBlindly`. */
  readonly blind: readonly string[];
  readonly proof: Proof | undefined;
  readonly acceptance: Acceptance | null;
}

function endOf(
  supervision: Supervision,
  { needsReview, blind, proof, acceptance }: Found,
): WorkflowEnd {
  const { candidate, review, reviewer, rounds, gates } = supervision;
  const { author: by, earlier } = candidate;
  const { changes, bundle } = withTests(candidate.changes, candidate.bundle, acceptance);
  const authors = authorsOf(candidate);
  const isOwn = authors.some(({ family }) => family === reviewer?.family);
  // What a strategy cannot decide, one reviewer does not decide either.
  const sound = supervision.approved && needsReview.length === 0 && blind.length === 0;
  const unseen = sound ? openCriteriaText(proof?.criteria ?? []) : '';
  const approved = sound && unseen === '';
  const doubts =
    needsReview.length === 0 ? '' : ` A person must decide: ${needsReview.join(', ')}.`;
  const replaced =
    blind.length === 0
      ? ''
      : ` It replaces ${blind.join(', ')} whole, which its author did not take notice of: look at the difference.`;
  const autoruns = unpermittedPaths(gates);
  const running =
    autoruns.length === 0
      ? ''
      : ` It holds what runs by itself, and nobody asked for it: ${toSingleLine(autoruns.join(', '))}.`;
  return {
    status: approved ? 'done' : 'needs_review',
    result: {
      outcome: approved ? 'approved' : 'not_approved',
      by: 'supervisor',
      reason: `${supervision.reason}${doubts}${replaced}${running}${unseen}${unnoticedText(proof?.unnoticed ?? [])}`,
      rounds,
      author: formatModelRef(by.ref),
      ...(authors.length > 1 && { authors: authors.map(({ ref }) => formatModelRef(ref)) }),
      reviewer: reviewer === null ? null : formatModelRef(reviewer.ref),
      files: fileHashes(changes),
      gates: gateLines(gates),
      review: review === null ? null : reviewLine(review, isOwn),
      ...(proof !== undefined && { criteria: [...proof.criteria] }),
    },
    author: by,
    ...(earlier !== undefined && { earlier }),
    deliverable: { kind: 'files', bundle: wholeBundle(changes, bundle) },
  };
}
