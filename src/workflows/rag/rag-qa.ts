import type { Answer } from '../../domain/deliverable.ts';
import type { GateResult } from '../../domain/gate-result.ts';
import { formatModelRef } from '../../domain/model-role.ts';
import type { ModelIdentity } from '../../domain/model-role.ts';
import { toSingleLine } from '../../domain/text.ts';
import { counted } from '../../text/counted.ts';
import { jsonText } from '../../text/json-as.ts';
import { askForObject, contextOf, emitGates, emitStep, type Work } from '../../supervisor/work.ts';
import { debated, evidence } from '../answers/evidence.ts';
import { solversOf } from '../answers/solvers.ts';
import { gateLines } from '../task-result.ts';
import type { Workflow, WorkflowEnd, WorkflowInput } from '../workflow.ts';
import { checkClaims, claimsText, sourcedReplySchema, type CheckedClaims } from './claims.ts';
import { citationFaults, ragPrompt, someOf, sourcesPart } from './rag-prompt.ts';
import { searchesFor } from './retrieve.ts';
import type { Sources } from './sources.ts';
import { verifyClaims, type ClaimVerdicts } from './verify-claims.ts';

export const nothingToAnswerFrom = 'There is nothing to answer from: the sources hold no file.';

/**
 * An answer from sources: pieces that fit the question, claims with quotes, and each cited place read again.
 * What does not hold goes back once, then is dropped; a claim without a source is none. That the sources do
 * not say it is an answer too.
 */
export const ragQa: Workflow = {
  prompt: ragPrompt,
  expectedCalls: ({ workers }) => {
    const searches = workers.some(({ role }) => role === 'retriever') ? 1 : 0;
    const judgements = workers.some(({ role }) => role === 'verifier') ? 1 : 0;
    return {
      least: { drafts: 1, judgements: searches },
      most: { drafts: 2, judgements: searches + judgements },
    };
  },
  async run(input) {
    const [solver] = solversOf(input.work, input.route.workers, 'rag_qa', 1);
    if (solver === undefined) throw new RangeError('At least one solver was asked for');
    const sources = input.parts.sources ?? null;
    if (sources === null)
      return nothing(
        'There is nothing to answer from: the project is not looked at (repository.use).',
      );
    if (await sources.isEmpty()) return nothing(nothingToAnswerFrom);
    const begun = await input.begin();
    if ('moved' in begun) return begun;
    const { prompt, shown } = await withSearches(input, begun, sources);
    if (shown.size === 0) {
      const passed = someOf(await sources.passedOver());
      const left = passed.length === 0 ? '' : ` Not looked into: ${passed.join('; ')}.`;
      return nothing(`Nothing in the sources has a word in common with the question.${left}`);
    }
    const work: Work = { ...input.work, context: contextOf(prompt) };
    const ask = async (parts: Work['context'], stage: string) => {
      const about = { role: 'solver', stage, parts } as const;
      const reply = await askForObject(
        work,
        solver.model,
        about,
        'sourced_answer',
        sourcedReplySchema,
      );
      return { ...reply, checked: await checkClaims(reply.object, shown, sources.read) };
    };
    let reply = await ask(prompt, 'answer');
    if (reply.checked.faults.length > 0) {
      emitCitations(work, reply.checked);
      const again = citationFaults(reply.result.text, reply.checked.faults);
      reply = await ask([...prompt, ...again], 'answer:citations');
    }
    emitCitations(work, reply.checked);
    await input.files.write('answer.json', jsonText({ reply: reply.object, ...reply.checked }));
    const { object, checked, result } = reply;
    const author = result.identity;
    const { missing, found, claims: given } = object;
    if (!found && given.length === 0) return notFound(work, { missing, author, shown });
    const verdicts = await verifyClaims(work, checked.claims, author, input.route.workers);
    return answered(work, input, { checked, verdicts, author, missing });
  },
};

interface Shown {
  readonly prompt: Work['context'];
  /** Paths of the files that may be cited. */
  readonly shown: ReadonlySet<string>;
}

/** What is shown, with what a retriever of the route searches for besides; as it was where there is none. */
async function withSearches(
  { work, route, parts }: WorkflowInput,
  { prompt, shown }: { prompt: Work['context']; shown: readonly string[] },
  sources: Sources,
): Promise<Shown> {
  const plain = { prompt, shown: new Set(shown) };
  const { contextTokens } = parts;
  if (contextTokens === undefined) return plain;
  const asking: Work = { ...work, context: contextOf(prompt) };
  const searches = await searchesFor(asking, route.workers);
  if (searches.length === 0) return plain;
  const { part, paths } = await sourcesPart(work.task, sources, contextTokens, searches);
  return {
    prompt: prompt.map((each) => (each.name === part.name ? part : each)),
    shown: new Set(paths),
  };
}

function emitCitations(work: Work, { holding, given, faults }: CheckedClaims): void {
  emitStep(work, {
    of: 'rag_qa',
    step: 'citations',
    name: null,
    outcome: faults.length === 0 ? 'passed' : 'failed',
    detail: [`${holding} of ${given} citations hold`, ...faults.slice(0, 5)].join('; '),
    data: { holding, given, faults },
  });
}

function nothing(reason: string): WorkflowEnd {
  return {
    status: 'needs_review',
    result: { outcome: 'not_approved', by: 'engine', reason },
    author: null,
    deliverable: { kind: 'answer', text: reason, citations: [], computation: null },
  };
}

function notFound(
  work: Work,
  about: { missing: string; author: ModelIdentity; shown: ReadonlySet<string> },
): WorkflowEnd {
  const { missing, author, shown } = about;
  const name = formatModelRef(author.ref);
  const why = missing.trim() === '' ? '' : ` ${missing.trim()}`;
  const gates = [
    evidence('citations', 'skipped', `${name} found no answer in ${counted(shown.size, 'file')}`),
  ];
  const text = `Not found in the sources.${why}`;
  return ended(work, gates, {
    isDone: true,
    reason: `The question is not answered in the sources: pieces of ${counted(shown.size, 'file')} were read, and ${name} found nothing that answers it.`,
    author,
    reviewer: null,
    answer: { kind: 'answer', text, citations: [], computation: null },
  });
}

interface Answered {
  readonly checked: CheckedClaims;
  readonly verdicts: ClaimVerdicts | null;
  readonly author: ModelIdentity;
  readonly missing: string;
}

async function answered(
  work: Work,
  input: WorkflowInput,
  { checked, verdicts, author, missing }: Answered,
): Promise<WorkflowEnd> {
  const claims = verdicts?.claims ?? checked.claims;
  const dropped = [...checked.dropped, ...(verdicts?.dropped ?? [])];
  const isBorneOut = claims.length > 0;
  const text = claimsText(claims);
  const debate = isBorneOut ? await debated(work, text, author, input) : null;
  const gates = [
    evidence(
      'citations',
      isBorneOut && checked.holding > 0 ? 'passed' : 'failed',
      `${checked.holding} of ${checked.given} citations hold: their quotes stand there, letter by letter`,
    ),
    ...(verdicts === null
      ? []
      : [
          evidence(
            'verification',
            isBorneOut ? 'passed' : 'failed',
            `${formatModelRef(verdicts.by.ref)}: ${verdicts.claims.length} of ${checked.claims.length} claims follow from their quotes`,
          ),
        ]),
    ...(debate === null ? [] : [debate]),
  ];
  const lost =
    dropped.length === 0
      ? ''
      : ` Left out, as no source bears it out: ${toSingleLine(dropped.map((each) => `«${each}»`).join(', '), 600)}.`;
  const open = debate?.status === 'failed' ? ` A debate left an issue open: ${debate.summary}` : '';
  const lacks = missing.trim() === '' ? '' : `\n\nThe sources do not say: ${missing.trim()}`;
  return ended(work, gates, {
    isDone: isBorneOut && open === '',
    reason: isBorneOut
      ? `${counted(claims.length, 'claim')}, each with its quotes from the sources.${lost}${open}`
      : `No claim of the answer is borne out by the sources, so it is not given as found.${lost}`,
    author,
    reviewer: verdicts?.by ?? null,
    answer: {
      kind: 'answer',
      text: isBorneOut
        ? `${text}${lacks}`
        : `No answer that the sources bear out. What was said without a source:\n\n${dropped.join('\n\n')}`,
      citations: claims.flatMap(({ citations }) => citations),
      computation: null,
    },
  });
}

function ended(
  work: Work,
  gates: readonly GateResult[],
  end: {
    readonly isDone: boolean;
    readonly reason: string;
    readonly author: ModelIdentity;
    readonly reviewer: ModelIdentity | null;
    readonly answer: Answer;
  },
): WorkflowEnd {
  const { isDone, reason, author, reviewer, answer } = end;
  emitGates(work, { attempt: work.purpose.attempt, round: 1 }, null, gates);
  return {
    status: isDone ? 'done' : 'needs_review',
    result: {
      outcome: isDone ? 'approved' : 'not_approved',
      by: 'supervisor',
      reason,
      rounds: 1,
      author: formatModelRef(author.ref),
      reviewer: reviewer === null ? null : formatModelRef(reviewer.ref),
      gates: gateLines(gates),
    },
    author,
    deliverable: answer,
  };
}
