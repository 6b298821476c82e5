import type { Task } from '../../domain/task.ts';
import { estimatePromptTokens, estimateTokens, toSingleLine } from '../../domain/text.ts';
import {
  cachedPart,
  instructionsPart,
  userPart,
  type MessagePart,
} from '../../models/language-model.ts';
import { fenced, fenceRule } from '../../text/fence.ts';
import { feedbackPart } from '../coding-prompt.ts';
import type { PromptSources } from '../context-pack.ts';
import { taskText } from '../task-text.ts';
import { wordsOfTask } from '../workflow-of.ts';
import type { PromptOptions, TaskPrompt } from '../workflow.ts';
import { mergedByRank } from './merge-found.ts';
import { projectSources, type Sources, type SourcePiece } from './sources.ts';

const instructions = `You answer a question from sources alone. What they do not say, you do not know.

Rules
- claims: the answer as short statements, each complete in itself, in the order in which they are to be read. Each rests on one or more quotes.
- A quote is copied letter by letter from the lines that it cites, without their numbers; the shortest that bears the claim out. A program reads the lines again and drops what is not there.
- Where the sources do not answer the question, set found to false and say in missing what they lack. That is a good answer; a guess is not.
- Where sources disagree, say so, with a quote of each.
- ${fenceRule}`;

/** Pieces that are looked at, and how much of the budget they take. */
const mostPieces = 40;
const share = 0.8;
/** Characters of a query. */
const longestQuery = 4_000;

/** The prompt of an answer from sources: the pieces that fit the question best, with their line numbers. */
export async function ragPrompt(
  task: Task,
  { repository = null, answerFrom = null }: PromptSources,
  { contextTokens }: Pick<PromptOptions, 'contextTokens'>,
): Promise<TaskPrompt> {
  const sources = answerFrom ?? (repository === null ? null : projectSources(repository.project));
  const { part, paths, leftOut } = await sourcesPart(task, sources, contextTokens);
  const parts: MessagePart[] = [
    part,
    userPart('task', `# The question\n\n${fenced(taskText(task))}`),
  ];
  return {
    parts: [
      instructionsPart(instructions),
      ...parts,
      ...feedbackPart(task, '# A person sent the last answer back'),
    ],
    pack: {
      parts,
      tokens: estimatePromptTokens(parts),
      leftOut,
      hiddenFiles: [],
      files: [],
      // What may be cited.
      shownFiles: paths,
    },
  };
}

/**
 * The pieces that fit a question best, as a prompt shows them.
 * @param searches made besides that for the words of the question
 */
export async function sourcesPart(
  task: Task,
  sources: Sources | null,
  contextTokens: number,
  searches: readonly string[] = [],
): Promise<{
  readonly part: MessagePart;
  /** Of files of which a piece is shown. */
  readonly paths: readonly string[];
  readonly leftOut: readonly string[];
}> {
  const { pieces, leftOut } = await piecesFor(task, sources, contextTokens * share, searches);
  const text = ['# Pieces of the sources', ...pieces.map(pieceText)].join('\n\n');
  const paths = [...new Set(pieces.map(({ path }) => path))];
  return { part: cachedPart('sources', text), paths, leftOut };
}

async function piecesFor(
  task: Task,
  sources: Sources | null,
  tokens: number,
  searches: readonly string[],
): Promise<{ pieces: readonly SourcePiece[]; leftOut: readonly string[] }> {
  if (sources === null) return { pieces: [], leftOut: [] };
  const queries = [wordsOfTask(task).slice(0, longestQuery), ...searches];
  const each: (readonly SourcePiece[])[] = [];
  for (const query of queries) each.push(await sources.search(query, mostPieces));
  const found = mergedByRank(each, mostPieces);
  const passedOver = await sources.passedOver();
  let left = tokens;
  const pieces = found.filter((piece) => {
    const size = estimateTokens(`\n\n${pieceText(piece)}`);
    if (size > left) return false;
    left -= size;
    return true;
  });
  const over = found.length - pieces.length;
  const overText = over === 0 ? [] : [`${over} of ${found.length} pieces: over the budget`];
  // Together by file and in its order: neighbours are read as one.
  const order = new Map(pieces.map(({ path }, at) => [path, at] as const).reverse());
  const sorted = pieces.toSorted(
    (a, b) => (order.get(a.path) ?? 0) - (order.get(b.path) ?? 0) || a.line - b.line,
  );
  return { pieces: sorted, leftOut: [...someOf(passedOver), ...overText] };
}

/** Of what is passed over so much is told. */
const mostTold = 20;

/** The first of them, and how many more there are. */
export function someOf(lines: readonly string[]): string[] {
  const more = lines.length - mostTold;
  return more > 0 ? [...lines.slice(0, mostTold), `and ${more} more`] : [...lines];
}

function pieceText({ path, line, text }: SourcePiece): string {
  const numbered = text.split('\n').map((words, at) => `${line + at}| ${words}`);
  return `File: ${toSingleLine(path, 400)}\n${fenced(numbered.join('\n'))}`;
}

/** What is told of citations that do not hold, once. */
export function citationFaults(reply: string, faults: readonly string[]): MessagePart[] {
  const list = faults.map((fault) => `- ${fault}`).join('\n');
  return [
    { role: 'assistant', name: 'reply', text: reply },
    userPart(
      'faults',
      `These do not hold:\n${fenced(list)}\nSend the whole answer again, these mended or left out, and everything else as it was.`,
    ),
  ];
}
