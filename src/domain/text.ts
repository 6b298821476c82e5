import stripAnsi from 'strip-ansi';
import * as z from 'zod';
import { withHiddenShown } from './hidden-characters.ts';

/** Control characters but tab, line feed and carriage return: what could drive a terminal. */
const hostile = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

/** Text of any length and lines, free of terminal control characters. */
export const plainText = z.string().refine((text) => !hostile.test(text), {
  error: 'holds a control character; delete it',
});

/** One line of at most 300 characters that says something. */
export const singleLine = plainText.refine(
  (text) => text.trim() !== '' && text.length <= 300 && !/[\r\n\t]/.test(text),
  { error: 'must be one line of 1 to 300 characters' },
);

/**
 * The text with what could drive a terminal, or is not seen, as escapes, as `\\u{1b}`: nothing is deleted,
 * as what goes would take with it what a person must see. Used on all that comes from a model or a file.
 */
export function withoutControls(text: string): string {
  return withHiddenShown(text);
}

/** Output of a program without its colours, the rest as `withoutControls`. */
export function withoutColours(output: string): string {
  // Sequences that hold text could hide some of it: those of colours and of the cursor hold none.
  const codes = /\u001b\[[0-9;:?]*[A-Za-z]|\u009b[0-9;:?]*[A-Za-z]/g;
  return withoutControls(output.replace(codes, ''));
}

/**
 * A plan's text, as a model or a person wrote it, to be kept: without codes of a terminal. What is shown is
 * `withoutControls`.
 */
export function cleanedText(text: string): string {
  return stripAnsi(text).replace(new RegExp(hostile, 'g'), '');
}

export function cleanedLine(text: string, limit = 300): string {
  return toSingleLine(cleanedText(text), limit);
}

export function toSingleLine(text: string, limit = 300): string {
  const line = withoutControls(text).replace(/\s+/g, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1).trimEnd()}…`;
}

/** The rough count of a whole prompt. */
export function estimatePromptTokens(parts: readonly { readonly text: string }[]): number {
  return parts.reduce((sum, { text }) => sum + estimateTokens(text), 0);
}

/** A rough count that errs high for English and code; providers' own counts replace it after a call. */
export function estimateTokens(text: string): number {
  return Math.ceil(text.length / 3.5);
}
