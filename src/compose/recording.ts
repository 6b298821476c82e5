import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BlueprintError } from '../domain/errors.ts';
import type { Recording } from '../models/middleware/record.ts';
import { cutOffAt, isRecording, parseScript } from '../models/providers/scripted-format.ts';
import { recordingHeader } from '../models/recording/recorded-call.ts';
import { shownPath } from '../state/feature-folder.ts';
import { isWithin, realPathOf } from '../files/contained-path.ts';
import { errnoOf, writeProblem } from '../files/file-problem.ts';
import { openLineFile, setTailAside } from '../files/line-file.ts';
import { counted } from '../text/counted.ts';

/**
 * A new recording, or one that goes on. Nothing else that is there is ever written to.
 * @param path absolute.
 * @throws BlueprintError `record-…`, `script-invalid` for a recording with broken lines, or why it cannot
 * be written
 */
export async function openRecording(
  path: string,
  featuresDir: string,
  { cwd, warn }: { cwd: string; warn: (message: string) => void },
): Promise<Recording> {
  const place = { featuresDir, displayRoot: cwd };
  const shown = shownPath(place, path) || path;
  if (isWithin(featuresDir, path)) throw inFeatures(shown, shownPath(place, featuresDir));
  const real = await realPath(path, shown);
  if (isWithin(await realPathOf(featuresDir), real))
    throw inFeatures(shown, shownPath(place, featuresDir));
  const hashes = await recordedBefore(real, shown, warn);
  const file = await openLineFile(real, { header: JSON.stringify(recordingHeader), shown });
  const goesOn =
    hashes.length === 0 ? '' : ` after the ${counted(hashes.length, 'call')} that it holds`;
  warn(`Recording to ${shown}${goesOn}: all prompts and replies, without your secrets.`);
  const known = new Set(hashes);
  return {
    has: (hash) => known.has(hash),
    async add(hash, line) {
      known.add(hash);
      await file.append(line);
    },
  };
}

/** The hashes of the calls that a recording holds. */
async function recordedBefore(
  path: string,
  shown: string,
  warn: (message: string) => void,
): Promise<string[]> {
  const content = await contentOf(path, shown);
  if (content === null || content.length === 0) return [];
  const text = content.toString('utf8');
  if (!isRecording(text))
    throw new BlueprintError({
      code: 'record-file-exists',
      message: `${shown} exists, and is no recording`,
      target: shown,
      fix: 'Give a new file, or a recording that is to go on; nothing else is written to.',
    });
  const cut = cutOffAt(text);
  const whole = cut === null ? text : text.slice(0, cut);
  const entries = parseScript(whole, shown);
  if (cut !== null) {
    const aside = await setTailAside(path, content, Buffer.byteLength(whole));
    warn(
      `warning: the last line of ${shown} is cut off; what there is of it is now in ${basename(aside)}, and the recording goes on without it`,
    );
  }
  return entries.flatMap(({ recorded }) => recorded?.hash ?? []);
}

/** Null when there is no such file. */
async function contentOf(path: string, shown: string): Promise<Buffer | null> {
  try {
    if ((await stat(path)).isFile()) return await readFile(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw writeProblem(error, shown);
  }
  throw new BlueprintError({
    code: 'record-no-file',
    message: `${shown} is not a file that can be recorded to`,
    target: shown,
    fix: 'Give the path of a file, as recording.jsonl.',
  });
}

/** Where a path leads by its links. @throws BlueprintError `record-folder-missing` */
async function realPath(path: string, shown: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    // Not there yet, or nobody may look: its folder decides.
  }
  try {
    return join(await realpath(dirname(path)), basename(path));
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw writeProblem(error, shown);
    throw new BlueprintError({
      code: 'record-folder-missing',
      message: `There is no folder for ${shown}`,
      target: shown,
      fix: 'Make the folder first, or give a path in one that is there.',
      cause: error,
    });
  }
}

function inFeatures(shown: string, folder: string): BlueprintError {
  return new BlueprintError({
    code: 'record-in-features',
    message: `${shown} is in ${folder}, where the program keeps its own files`,
    target: shown,
    fix: `Give a path outside of ${folder}.`,
  });
}
