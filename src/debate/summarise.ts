import * as z from 'zod';
import { sectionsOf } from '../domain/spec.ts';
import { BlueprintError, ExitCode } from '../domain/errors.ts';
import { estimateTokens } from '../domain/text.ts';
import {
  cachedPart,
  instructionsPart,
  userPart,
  type MessagePart,
} from '../models/language-model.ts';
import { fanOut } from '../supervisor/fan-out.ts';
import { askForObject, reachableModel } from '../supervisor/work.ts';
import { fenced, fenceRule } from '../text/fence.ts';
import { sha256 } from '../text/sha256.ts';
import { step, tell, type DebateContext } from './context.ts';
import { isQuoted } from './issues.ts';

/** Tokens of what one call is shown; a section that is shorter than the least stays as it is. */
const most = 20_000;
const least = 400;

export const summaryReplySchema = z.strictObject({
  summary: z
    .string()
    .describe('all that it decides, requires and assumes, at most a tenth as long'),
  passages: z
    .array(z.string())
    .describe('the sentences that critics would want to quote, word for word'),
});

const instructions = `You shorten one section of a proposal for critics who cannot read all of it. Leave out words, never decisions, numbers, names, conditions or exceptions. Judge nothing.

- ${fenceRule}`;

/**
 * The proposal by sections, each shortened by the parser with the passages that matter word for word, so that
 * critics can still quote it. @throws BlueprintError `no-model`; ModelError
 */
export async function summarised(context: DebateContext): Promise<string> {
  const { asking, original } = context;
  const pieces = piecesOf(original);
  const model = reachableModel(asking, 'parser');
  if (model === null)
    throw new BlueprintError({
      code: 'no-model',
      message: 'A proposal that is too large needs a model of the role «parser» to shorten it',
      target: 'roles.parser',
      fix: 'Set a key, or change roles.parser in the config.',
      exitCode: ExitCode.unavailable,
    });
  const texts = await fanOut(asking, pieces, async (piece, own, index) => {
    if (estimateTokens(piece.text) < least) return `${piece.heading}\n\n${piece.text}`;
    const { summary, passages } = await step(
      context,
      { name: `summary/${index + 1}`, from: sha256(piece.text), schema: summaryReplySchema },
      async () => {
        const parts = summaryPrompt(piece.heading, piece.text);
        const question = { role: 'parser', stage: 'debate-summary', round: 0, parts } as const;
        return (await askForObject(own, model, question, 'debate_summary', summaryReplySchema))
          .object;
      },
    );
    const kept = passages
      .filter((passage) => isQuoted(passage, original))
      .map((each) => `> ${each}`);
    return [piece.heading, summary, ...kept].join('\n\n');
  });
  const text = texts.join('\n\n');
  tell(context, 'summary', {
    outcome: 'done',
    detail: `about ${estimateTokens(original)} tokens as about ${estimateTokens(text)}`,
  });
  return text;
}

export function summaryPrompt(heading: string, text: string): MessagePart[] {
  return [
    instructionsPart(instructions),
    cachedPart('section', `# The section\n\n${fenced(`${heading}\n\n${text}`)}`),
    userPart('task', 'Shorten it.'),
  ];
}

/** Sections with their headings; one that is too long in several pieces. */
function piecesOf(markdown: string): { heading: string; text: string }[] {
  const sections = sectionsOf(markdown);
  const whole = sections.length === 0 ? [{ heading: '', depth: 1, body: markdown }] : sections;
  return whole.flatMap(({ heading, depth, body }) => {
    const title = heading === '' ? '' : `${'#'.repeat(depth)} ${heading}`;
    return paragraphs(body).map((text) => ({ heading: title, text }));
  });
}

function paragraphs(body: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const paragraph of body.split(/\n{2,}/).flatMap(cutLong)) {
    if (piece !== '' && estimateTokens(piece) + estimateTokens(paragraph) > most) {
      pieces.push(piece);
      piece = '';
    }
    piece += piece === '' ? paragraph : `\n\n${paragraph}`;
  }
  return [...pieces, piece];
}

/** A paragraph of more characters than a piece has tokens is cut; a token has at least one. */
function cutLong(paragraph: string): string[] {
  if (estimateTokens(paragraph) <= most) return [paragraph];
  return Array.from({ length: Math.ceil(paragraph.length / most) }, (_, index) =>
    paragraph.slice(index * most, (index + 1) * most),
  );
}
