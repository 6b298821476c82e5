import type { ParseError } from 'jsonc-parser';
import type { DataFormat, SyntaxError } from '../syntax/languages.ts';
import { readSyntax } from '../syntax/read-syntax.ts';

const reportedErrors = 5;

/**
 * What is wrong with a data file; empty when it is sound.
 * @throws Error when it takes longer than `limitMs`. @throws InterruptedError
 */
export async function dataErrors(
  format: DataFormat,
  text: string,
  limitMs: number,
  signal?: AbortSignal,
): Promise<SyntaxError[]> {
  switch (format) {
    case 'json':
      return jsonErrors(text, false);
    case 'jsonc':
      return jsonErrors(text, true);
    case 'yaml':
      return readSyntax({ kind: 'yaml-errors', text, limitMs }, signal);
    case 'toml':
      return readSyntax({ kind: 'toml-errors', text, limitMs }, signal);
  }
}

async function jsonErrors(text: string, comments: boolean): Promise<SyntaxError[]> {
  // A byte order mark is no part of JSON, but every reader of such files takes it.
  const source = text.replace(/^\ufeff/, '');
  if (!comments) {
    try {
      JSON.parse(source);
      return [];
    } catch {
      // The parser below says where.
    }
  }
  const { parse, printParseErrorCode } = await import('jsonc-parser');
  const errors: ParseError[] = [];
  parse(source, errors, { allowTrailingComma: comments, disallowComments: !comments });
  const found = errors.slice(0, reportedErrors).map(({ error, offset }) => ({
    line: source.slice(0, offset).split('\n').length,
    message: words(printParseErrorCode(error)),
  }));
  if (found.length > 0 || comments) return found;
  return [{ line: 1, message: 'is not valid JSON' }];
}

function words(code: string): string {
  return code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}
