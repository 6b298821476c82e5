import stripAnsi from 'strip-ansi';
import * as z from 'zod';

/** Control characters but tab, line feed and carriage return: what could drive a terminal. */
const hostile = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
const hostileEverywhere = new RegExp(hostile, 'g');

/** Text of any length and lines, free of terminal control characters. */
export const plainText = z.string().refine((text) => !hostile.test(text), {
  error: 'holds a control character; delete it',
});

/** One line of at most 300 characters that says something. */
export const singleLine = plainText.refine(
  (text) => text.trim() !== '' && text.length <= 300 && !/[\r\n\t]/.test(text),
  { error: 'must be one line of 1 to 300 characters' },
);

/** The text without what could drive a terminal; used on all that comes from a model or a file. */
export function withoutControls(text: string): string {
  return stripAnsi(text).replace(hostileEverywhere, '');
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
