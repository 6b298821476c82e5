import type { SyntaxError } from './languages.ts';

const reportedErrors = 5;

/** What is wrong with a YAML text; empty when it is sound. */
export async function yamlErrors(text: string): Promise<SyntaxError[]> {
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

/** What is wrong with a TOML text; empty when it is sound. */
export async function tomlErrors(text: string): Promise<SyntaxError[]> {
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
