import { throwIfAborted } from '../domain/errors.ts';
import type { Finding } from '../domain/review.ts';
import { toSingleLine } from '../domain/text.ts';
import { movedFileOf } from '../text/moved-file.ts';
import { sha256 } from '../text/sha256.ts';
import type { Gate } from './gate.ts';
import type * as CodeSyntax from './code-syntax.ts';
import type * as DataSyntax from './data-syntax.ts';
import { checkerFor, type Checker, type SyntaxError } from '../syntax/languages.ts';
import { counted, type Verdict } from './verdict.ts';

export interface SyntaxGateOptions {
  /** Larger files are not read: the gate is `errored`. Default 2,000,000 characters. */
  readonly maxCharacters?: number;
  /** For each file, in ms; a file that takes longer makes the gate `errored`. Default 20,000. */
  readonly limitMs?: number;
}

/** Characters, and ms for each file. */
const largest = 2_000_000;
const readMs = 20_000;

/** An interrupt is seen after this time at the latest, when no single file takes longer. */
const longestStretchMs = 20;

/** What was found in the changed files. */
interface Found {
  readonly findings: Finding[];
  /** Files that could not be judged, each with why. */
  readonly broken: string[];
  checked: number;
  skipped: number;
}

/** Every changed file is read by a parser of its language; a file that none can judge is left out. */
export function syntaxGate(options: SyntaxGateOptions = {}): Gate {
  const { maxCharacters = largest, limitMs = readMs } = options;
  return {
    name: 'syntax',
    blocking: true,
    async check({ changes, base }, signal) {
      const found: Found = { findings: [], broken: [], checked: 0, skipped: 0 };
      const judge = async (path: string, content: string): Promise<void> => {
        const checker = checkerFor(path);
        if (checker === null || content.includes('\0') || movedFileOf(content) !== null) {
          found.skipped++;
          return;
        }
        if (content.length > maxCharacters)
          throw new Error(`is larger than ${maxCharacters} characters`);
        const errors = await errorsOf(path, content, checker, limitMs, signal);
        const before = errors.length === 0 ? null : await base(path);
        const old = before === null ? [] : await errorsOf(path, before, checker, limitMs, signal);
        // What the same checker refused in the file before the task is not this task's doing.
        const known = old.map((error) => lineAt(before ?? '', error.line));
        found.checked++;
        for (const error of errors) found.findings.push(finding(path, content, error, known));
      };
      let pause = performance.now() + longestStretchMs;
      for (const [path, content] of changes) {
        throwIfAborted(signal);
        if (content === null) continue;
        await judge(path, content).catch((error: unknown) => {
          throwIfAborted(signal);
          const reason = error instanceof Error ? error.message : String(error);
          found.broken.push(`${toSingleLine(path, 200)} ${reason}`);
        });
        if (performance.now() < pause) continue;
        // The parsers do not yield: this lets an interrupt be seen between two files.
        await new Promise((resolve) => setImmediate(resolve));
        pause = performance.now() + longestStretchMs;
      }
      throwIfAborted(signal);
      return verdictOf(found);
    },
  };
}

/**
 * Texts that were sound, newest last: a file is looked at again in each round, for every candidate that
 * has it, and after a merge.
 */
const sound = new Set<string>();
const mostSound = 5_000;

/**
 * What is wrong with a text of a path's language; empty where it is sound, or no parser here can tell.
 * @throws InterruptedError
 */
export async function textErrors(
  path: string,
  text: string,
  signal: AbortSignal,
): Promise<readonly SyntaxError[]> {
  const checker = checkerFor(path);
  if (checker === null || text.length > largest) return [];
  try {
    return await errorsOf(path, text, checker, readMs, signal);
  } catch {
    throwIfAborted(signal);
    return [];
  }
}

async function errorsOf(
  path: string,
  content: string,
  checker: Checker,
  limitMs: number,
  signal: AbortSignal,
): Promise<SyntaxError[]> {
  const key = `${path.slice(path.lastIndexOf('.'))} ${JSON.stringify(checker)} ${sha256(content)}`;
  if (sound.has(key)) return [];
  const errors = await parserErrors(path, content, checker, limitMs, signal);
  if (errors.length > 0) return errors;
  const [oldest = ''] = sound;
  if (sound.size >= mostSound) sound.delete(oldest);
  sound.add(key);
  return errors;
}

async function parserErrors(
  path: string,
  content: string,
  checker: Checker,
  limitMs: number,
  signal: AbortSignal,
): Promise<SyntaxError[]> {
  if (checker.kind === 'data') {
    dataSyntax ??= import('./data-syntax.ts');
    return (await dataSyntax).dataErrors(checker.format, content, limitMs, signal);
  }
  codeSyntax ??= import('./code-syntax.ts');
  return (await codeSyntax).codeErrors(path, checker.grammars, content, limitMs, signal);
}

// Loaded by the first file that needs them; looking a module up anew for each file takes half its time.
let dataSyntax: Promise<typeof DataSyntax> | undefined;
let codeSyntax: Promise<typeof CodeSyntax> | undefined;

function finding(
  path: string,
  content: string,
  error: SyntaxError,
  known: readonly string[],
): Finding {
  const line = lineAt(content, error.line);
  const place = `${toSingleLine(path, 200)}:${error.line}`;
  const evidence = line === '' ? error.message : `${error.message}: ${toSingleLine(line, 160)}`;
  const old = line !== '' && known.includes(line);
  const note = old
    ? ' (so it was before this task)'
    : error.doubtful === true
      ? ' (the parser does not know all of this language; it may be wrong)'
      : '';
  return {
    category: 'syntax',
    severity: old || error.doubtful === true ? 'minor' : 'blocker',
    evidence: toSingleLine(evidence + note),
    location: place,
    fixHint: 'Make the file parse.',
  };
}

function lineAt(content: string, line: number): string {
  return (content.split('\n')[line - 1] ?? '').trim();
}

function verdictOf({ findings, broken, checked, skipped }: Found): Verdict {
  const blocking = findings.filter(({ severity }) => severity === 'blocker');
  const parts = [
    blocking.length > 0 &&
      `${counted(blocking.length, 'syntax error')}, first in ${blocking[0]?.location ?? ''}`,
    broken.length > 0 && `not checked: ${broken.join('; ')}`,
    checked > 0 && `${counted(checked, 'file')} read`,
    findings.length > blocking.length && counted(findings.length - blocking.length, 'doubt'),
    skipped > 0 && `${counted(skipped, 'file')} without a parser`,
  ].filter((part) => part !== false);
  return {
    status: statusOf(blocking.length > 0, broken.length > 0, checked > 0),
    summary: toSingleLine(parts.length === 0 ? 'no file to check' : parts.join('; ')),
    findings,
  };
}

function statusOf(failed: boolean, broke: boolean, checked: boolean): Verdict['status'] {
  if (failed) return 'failed';
  if (broke) return 'errored';
  return checked ? 'passed' : 'skipped';
}
