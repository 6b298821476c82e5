import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { BlueprintError, throwAll, type Diagnostic, messageOf } from '../domain/errors.ts';
import { forReading } from '../files/open-file.ts';
import { foreignHands } from './trust/owner.ts';

/** What a config file says, unchecked. */
export interface ConfigSource {
  readonly value: unknown;
  /** Counted from 1; null where the format does not tell. */
  readonly lineOf: (path: readonly PropertyKey[]) => number | null;
}

const maxBytes = 1_000_000;

/** The text of a config file, which nothing has acted on yet. */
export interface ConfigText {
  readonly text: string;
  /** Why it is not used at all: it is not in its reader's hands. */
  readonly foreign: string | null;
}

/** Whether reading what a config file says means to run it. */
export function isProgram(path: string): boolean {
  return extname(path) === '.ts';
}

/**
 * What a config file says, by its ending. The parsers are loaded here, when there is a file to parse.
 * @param shown how the file is named in messages.
 * @throws BlueprintError `config-…`
 */
export async function parseConfig(
  path: string,
  text: string,
  shown: string,
): Promise<ConfigSource> {
  const ending = extname(path);
  if (ending === '.ts') return readTypeScript(path, shown);
  if (ending === '.yaml' || ending === '.yml') return readYaml(text, shown);
  if (ending === '.json') return readJson(text, shown);
  throw new BlueprintError({
    code: 'config-format-unknown',
    message: `${shown} is no config file: its name must end in .json, .yaml, .yml or .ts`,
    target: shown,
    fix: 'Rename it.',
  });
}

/** @throws BlueprintError `config-…` */
export async function readConfigText(path: string, shown: string): Promise<ConfigText> {
  const problem = (code: string, message: string, fix: string, cause?: unknown): BlueprintError =>
    new BlueprintError({ code, message: `${shown} ${message}`, target: shown, fix, cause });
  let bytes: Buffer;
  let foreign: string | null;
  try {
    const file = await open(path, forReading);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) throw problem('config-unreadable', 'is no file', 'Put a file there.');
      if (stats.size > maxBytes)
        throw problem(
          'config-too-large',
          `is ${stats.size} bytes; a config file has at most ${maxBytes}`,
          'Check that it is the right file.',
        );
      foreign = foreignHands(stats);
      bytes = await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof BlueprintError) throw error;
    const errno = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    if (errno === 'ENOENT')
      throw problem('config-not-found', 'does not exist', 'Check the path.', error);
    throw problem('config-unreadable', `cannot be read (${errno})`, 'Make it readable.', error);
  }
  if (bytes.includes(0) || !isUtf8(bytes))
    throw problem('config-encoding', 'is not UTF-8 text', 'Save it as UTF-8.');
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (text.trim() === '')
    throw problem('config-empty', 'is empty', 'Delete it, or write {} into it.');
  return { text, foreign };
}

async function readJson(text: string, shown: string): Promise<ConfigSource> {
  const { readJsonText } = await import('../text/json-text.ts');
  const json = readJsonText(text);
  const faults = json.faults.map(({ line, message }) => syntaxFault(shown, line, 'JSON', message));
  const doubled = json.duplicateKeys.map(({ key, line }) => ({
    ...syntaxFault(shown, line, 'JSON', `the key «${key}» is there twice`),
    code: 'config-duplicate-key',
  }));
  throwAll([...faults, ...doubled]);
  return { value: JSON.parse(text), lineOf: json.lineOf };
}

async function readYaml(text: string, shown: string): Promise<ConfigSource> {
  const { LineCounter, isMap, isNode, isPair, isSeq, parseDocument } = await import('yaml');
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  throwAll(
    document.errors.map((error) =>
      syntaxFault(shown, counter.linePos(error.pos[0]).line, 'YAML', error.message),
    ),
  );
  const lineOf = (path: readonly PropertyKey[]): number => {
    let node: unknown = document.contents;
    let offset = 0;
    for (const step of path) {
      if (isMap(node)) {
        const pair = node.items.find((item) => isPair(item) && String(item.key) === String(step));
        if (pair === undefined) break;
        if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
        node = pair.value;
      } else if (isSeq(node)) {
        node = node.items[Number(step)];
        if (isNode(node)) offset = node.range?.[0] ?? offset;
      } else break;
    }
    return counter.linePos(offset).line;
  };
  try {
    return { value: document.toJS(), lineOf };
  } catch (error) {
    // Aliases that grow without end.
    const message = messageOf(error);
    throw new BlueprintError({ ...syntaxFault(shown, 1, 'YAML', message), cause: error });
  }
}

async function readTypeScript(path: string, shown: string): Promise<ConfigSource> {
  const { createJiti } = await import('jiti');
  // Its cache would be written outside the project.
  const jiti = createJiti(path, { fsCache: false, moduleCache: false });
  try {
    return { value: await jiti.import(path, { default: true }), lineOf: () => null };
  } catch (error) {
    const message = messageOf(error);
    throw new BlueprintError({
      code: 'config-not-loadable',
      message: `${shown} could not be loaded: ${message}`,
      target: shown,
      fix: 'It must export the config object as its default export.',
      cause: error,
    });
  }
}

function syntaxFault(shown: string, line: number, format: string, message: string): Diagnostic {
  return {
    code: 'config-syntax',
    message: `Not valid ${format}: ${message}`,
    target: `${shown}:${line}`,
    fix: 'Correct it there.',
  };
}
