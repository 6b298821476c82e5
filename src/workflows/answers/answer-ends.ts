import type { Answer } from '../../domain/deliverable.ts';
import type { GateResult } from '../../domain/gate-result.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import { toSingleLine } from '../../domain/text.ts';
import { emitGates, type Work } from '../../supervisor/work.ts';
import { gateLines } from '../task-result.ts';
import type { WorkflowEnd, WorkflowInput } from '../workflow.ts';
import { solutionText, type AnswerKind } from './answer-prompts.ts';
import { debated, evidence } from './evidence.ts';
import { rankAnswers } from './rank-answers.ts';
import type { Solution } from './solution.ts';
import type { AnswerGroup } from './vote.ts';
import type { Verification } from './verify.ts';

/** What one round came to. */
export interface Round {
  readonly round: number;
  readonly asked: number;
  readonly groups: readonly AnswerGroup[];
  /** Solutions whose own program says otherwise. */
  readonly contradicted: readonly Solution[];
  readonly verification: Verification | null;
  /** The answer that holds; null where none does yet. */
  readonly agreed: AnswerGroup | null;
}

function gatesOf(
  kind: AnswerKind,
  { groups, asked, contradicted, verification, agreed }: Round,
): GateResult[] {
  const [first] = groups;
  const votes = (agreed ?? first)?.solutions.length ?? 0;
  const gates = [
    evidence(
      'agreement',
      agreed === null ? 'failed' : 'passed',
      `${votes} of ${asked} solutions came to ${agreed === null ? 'the most frequent answer' : 'this answer'}${groups.length > 1 ? `, of ${groups.length} answers` : ''}`,
    ),
  ];
  if (kind === 'science') gates.push(computationOf((agreed ?? first)?.best ?? null, contradicted));
  if (verification !== null) {
    const { right, by, reasons, sameFamily } = verification;
    const note = sameFamily ? ' (of a solver’s family: no other was reachable)' : '';
    gates.push(
      evidence(
        'verification',
        right === null || agreed === null ? 'failed' : 'passed',
        `${formatModelRef(by.ref)}${note}: ${reasons}`,
      ),
    );
  }
  return gates;
}

function computationOf(best: Solution | null, contradicted: readonly Solution[]): GateResult {
  const others =
    contradicted.length === 0
      ? ''
      : `; the program of ${contradicted.map(({ label }) => label).join(', ')} printed another answer than it states`;
  const ran = best?.computed ?? null;
  if (ran === null)
    return evidence('computation', 'skipped', `not computed: no program was given${others}`);
  if (ran.kind === 'not-run') return evidence('computation', 'skipped', `not computed: ${ran.why}`);
  const isolated = ran.isolated ? '' : ', not isolated';
  const says = ran.agrees === true ? 'printed the answer' : 'did not print the answer';
  const status = ran.agrees === true ? 'passed' : 'failed';
  const gate = evidence(
    'computation',
    status,
    `the program ${says} (${ran.end}${isolated})${others}`,
  );
  return { ...gate, isolated: ran.isolated };
}

/** Of an answer that holds. */
export async function endAgreed(
  work: Work,
  kind: AnswerKind,
  input: WorkflowInput,
  found: Round,
  agreed: AnswerGroup,
): Promise<WorkflowEnd> {
  const { best, solutions } = agreed;
  const text = solutionText({ ...best, program: null, computed: null });
  const debate = await debated(work, text, best.author, input);
  const gates = [...gatesOf(kind, found), ...(debate === null ? [] : [debate])];
  const isOpen = debate?.status === 'failed';
  const by = found.verification === null ? '' : ', and a verifier found it right';
  const checked = gates.find(({ gate }) => gate === 'computation');
  const computation = checked === undefined ? '' : ` Computation: ${checked.summary}.`;
  return ended(work, found, gates, {
    status: isOpen ? 'needs_review' : 'done',
    reason: `${solutions.length} of ${found.asked} independent solutions came to the same answer${by}.${computation}${isOpen ? ` A debate left an issue open: ${debate.summary}` : ''}`,
    authors: solutions,
    answer: { kind: 'answer', text, citations: [], computation: computationFor(best) },
  });
}

/** Of answers of which none holds: all of them, for a person. */
export async function endOpen(
  work: Work,
  kind: AnswerKind,
  input: WorkflowInput,
  found: Round,
): Promise<WorkflowEnd> {
  const ranked = await rankAnswers(work, found.groups);
  const [first, ...others] = ranked;
  if (first === undefined) throw new RangeError('A round has at least one answer');
  const { best } = first.group;
  const models = (group: AnswerGroup): string[] => [
    ...new Set(group.solutions.map(({ author }) => formatModelRef(author.ref))),
  ];
  const why =
    found.verification === null
      ? 'nobody could verify them'
      : `the verifier says: ${found.verification.reasons}`;
  const judged = first.reasons === null ? '' : ` First stands: ${toSingleLine(first.reasons)}`;
  const count = found.groups.length;
  return ended(work, found, gatesOf(kind, found), {
    status: 'needs_review',
    reason: `${count === 1 ? 'Nothing bears the only answer out' : `No answer was agreed on: ${count} stand beside each other`} after ${found.round} of ${input.route.controls.maxRounds} rounds; ${why}${judged}`,
    authors: first.group.solutions,
    answer: {
      kind: 'answer',
      text: solutionText({ ...best, program: null, computed: null }),
      citations: [],
      computation: computationFor(best),
      ...(others.length > 0 && {
        alternatives: others.map(({ group }) => ({
          text: solutionText(group.best),
          models: models(group),
        })),
      }),
    },
  });
}

function computationFor({ program, computed: ran }: Solution): Answer['computation'] {
  if (program === null || ran?.kind !== 'ran') return null;
  const { language, code } = program;
  return { language, code, output: ran.output, end: ran.end };
}

function ended(
  work: Work,
  { round, verification }: Round,
  gates: readonly GateResult[],
  end: {
    readonly status: 'done' | 'needs_review';
    readonly reason: string;
    readonly authors: readonly Solution[];
    readonly answer: Answer;
  },
): WorkflowEnd {
  const { status, reason, authors, answer } = end;
  emitGates(work, { attempt: work.purpose.attempt, round }, null, gates);
  const names = [...new Set(authors.map(({ author }) => formatModelRef(author.ref)))];
  return {
    status,
    result: {
      outcome: status === 'done' ? 'approved' : 'not_approved',
      by: 'supervisor',
      reason,
      rounds: round,
      author: names[0] ?? null,
      ...(names.length > 1 && { authors: names }),
      reviewer: verification === null ? null : formatModelRef(verification.by.ref),
      gates: gateLines(gates),
    },
    author: authors[0]?.author ?? null,
    deliverable: answer,
  };
}
