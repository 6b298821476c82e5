import { readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { glob } from 'tinyglobby';
import { BlueprintError, throwIfAborted, type Diagnostic } from '../domain/errors.ts';
import { estimateTokens, cleanedLine } from '../domain/text.ts';
import { isWithin, placeBelow, slashPath } from '../files/contained-path.ts';
import { isSecretFile, secretByName } from '../files/secret-files.ts';
import { errnoOf } from '../files/file-problem.ts';
import type { ContextFile } from './ports.ts';

const maxFileBytes = 512_000;
const projectNotes = ['AGENTS.md', 'CLAUDE.md'];

export interface ContextRequest {
  /** Absolute: nothing outside it is read. */
  readonly root: string;
  /** Absolute, in the root: what the globs are relative to. The root by default. */
  readonly from?: string;
  readonly globs: readonly string[];
  /** Tokens, estimated, that the files may have together. */
  readonly maxTokens: number;
  readonly signal: AbortSignal;
}

export interface ContextSelection {
  readonly files: readonly ContextFile[];
  /** Matched, but not among the files, each with the reason. */
  readonly leftOut: readonly { readonly path: string; readonly reason: string }[];
  /** Estimated, of all files. */
  readonly tokens: number;
}

/**
 * Reads the files that models see beside the brief: `AGENTS.md` and `CLAUDE.md` of the root where they
 * exist, then what the globs match, in the order of the globs and then of the paths. What is binary, too
 * large, behind a link that leaves the root or over the budget is left out and listed.
 *
 * @throws BlueprintError `context-outside` or `context-no-match` for such globs, all at once
 */
export async function readContextFiles(request: ContextRequest): Promise<ContextSelection> {
  const root = await realpath(request.root);
  const matched = await matches(root, request);
  const files: ContextFile[] = [];
  const leftOut: { path: string; reason: string }[] = [];
  const seen = new Set<string>();
  let tokens = 0;
  for (const path of matched) {
    throwIfAborted(request.signal);
    const read = await readInside(root, path, seen);
    if (read === null) continue;
    if ('reason' in read) {
      leftOut.push({ path: cleanedLine(path), reason: read.reason });
      continue;
    }
    const cost = estimateTokens(path) + estimateTokens(read.text);
    if (tokens + cost > request.maxTokens) {
      leftOut.push({
        path,
        reason: `over the budget: about ${cost} tokens, ${request.maxTokens - tokens} left`,
      });
      continue;
    }
    tokens += cost;
    files.push({ path, text: read.text });
  }
  return { files, leftOut, tokens };
}

/** Paths relative to the root, with forward slashes, each once. */
async function matches(root: string, request: ContextRequest): Promise<Set<string>> {
  const found = new Set<string>();
  for (const name of projectNotes) if (await isFile(join(root, name))) found.add(name);
  const from = await realpath(request.from ?? root);
  const problems: Diagnostic[] = [];
  for (const written of request.globs) {
    throwIfAborted(request.signal);
    const shown = cleanedLine(written, 200);
    const place = placeOf(written, from, [root, request.root]);
    if (place === null || leaves(root, place)) {
      problems.push({
        code: 'context-outside',
        message: `The context «${shown}» leaves the project folder`,
        target: '--context',
        fix: `Give files below ${root}.`,
      });
      continue;
    }
    const paths = await matchesOf(place, request.signal);
    if (paths.length === 0) {
      problems.push({
        code: 'context-no-match',
        message: `The context «${shown}» matches no file`,
        target: '--context',
        fix: `Names and globs are relative to ${from}; hidden files and node_modules are named in full or not taken.`,
      });
    }
    for (const path of paths) found.add(slashPath(root, join(place.folder, path)));
  }
  const [first, ...others] = problems;
  if (first !== undefined) throw new BlueprintError({ ...first, others });
  return found;
}

interface Place {
  /** Absolute; no glob. */
  readonly folder: string;
  readonly pattern: string;
}

/** Null for an absolute path outside of the root, whose spellings are given, the real one first. */
function placeOf(
  written: string,
  from: string,
  [root, given]: readonly [string, string],
): Place | null {
  const pattern = slashed(written);
  if (!isAbsolute(written)) return { folder: from, pattern };
  const base = [root, given].find((folder) => pattern.startsWith(`${slashed(folder)}/`));
  return base === undefined ? null : { folder: root, pattern: pattern.slice(base.length + 1) };
}

// Judged by spelling, before anything is searched; links are judged file by file.
function leaves(root: string, { folder, pattern }: Place): boolean {
  if (!isWithin(root, folder)) return true;
  // Groups may hide a step up, and `**` may be no step at all: neither mixes with one.
  if (/[{(]|\*\*/.test(pattern) && /(?:^|[{(|,/])\.\.(?:[/,|)}]|$)/.test(pattern)) return true;
  let depth = slashPath(root, folder).split('/').filter(Boolean).length;
  for (const step of pattern.split('/')) {
    if (step === '..') depth -= 1;
    else if (step !== '' && step !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

/** Relative to the place's folder, sorted. A name that exists is taken as a name, whatever is in it. */
async function matchesOf({ folder, pattern }: Place, signal: AbortSignal): Promise<string[]> {
  if (await isFile(join(folder, pattern))) return [pattern];
  const paths = await glob(pattern, {
    cwd: folder,
    followSymbolicLinks: false,
    ignore: ['**/node_modules/**', '**/.git/**'],
    signal,
  });
  return paths.sort();
}

function slashed(path: string): string {
  return path.replaceAll(sep, '/');
}

/** Null when the same file was read before. */
async function readInside(
  root: string,
  path: string,
  seen: Set<string>,
): Promise<{ text: string } | { reason: string } | null> {
  try {
    const found = await placeBelow(root, path, 'inside');
    if ('problem' in found) return { reason: `its path ${found.problem}` };
    const { place } = found;
    if (place === null) return { reason: 'nothing is there any more' };
    if (seen.has(place)) return null;
    // By a link's name or by that of what it leads to.
    if (isSecretFile(path) || isSecretFile(slashPath(root, place))) return { reason: secretByName };
    seen.add(place);
    const info = await stat(place);
    if (!info.isFile()) return { reason: 'not a regular file' };
    if (info.size > maxFileBytes)
      return { reason: `${info.size} bytes; the limit is ${maxFileBytes}` };
    return textOf(await readFile(place));
  } catch (error) {
    return { reason: `cannot be read (${errnoOf(error) ?? 'unknown error'})` };
  }
}

function textOf(bytes: Uint8Array): { text: string } | { reason: string } {
  if (bytes.includes(0)) return { reason: 'binary' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { reason: 'not UTF-8' };
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
