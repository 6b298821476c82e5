import type { ParseError } from 'jsonc-parser';
import { errorsInThread } from './data-syntax-thread.ts';
import type { DataFormat, SyntaxError } from '../syntax/languages.ts';

const reportedErrors = 5;

/** A text of this many characters is read at once, a longer one in a thread that can be ended. */
const readAtOnce = 5_000;

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
  if ((format === 'yaml' || format === 'toml') && text.length > readAtOnce)
    return errorsInThread(format, text, limitMs, signal);
  switch (format) {
    case 'json':
      return jsonErrors(text, false);
    case 'jsonc':
      return jsonErrors(text, true);
    case 'yaml':
      return yamlErrors(text);
    case 'toml':
      return tomlErrors(text);
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

async function yamlErrors(text: string): Promise<SyntaxError[]> {
  const { parseAllDocuments } = await import('yaml');
  const documents = parseAllDocuments(text, { prettyErrors: true, logLevel: 'silent' });
  if (!Array.isArray(documents)) return [];
  return documents
    .flatMap((document) => document.errors)
    .slice(0, reportedErrors)
    .map((error) => ({
      line: error.linePos?.[0].line ?? 1,
      message: (error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, ''),
    }));
}

async function tomlErrors(text: string): Promise<SyntaxError[]> {
  const { parse, TomlError } = await import('smol-toml');
  try {
    parse(text);
    return [];
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const message = (error.message.split('\n')[0] ?? '').replace(/^Invalid TOML document: /, '');
    return [{ line: error.line, message }];
  }
}

function words(code: string): string {
  return code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}
