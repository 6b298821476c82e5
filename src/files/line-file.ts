import { stat } from 'node:fs/promises';
import { BlueprintError, ExitCode } from '../domain/errors.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { open, rm, truncate, type OpenFile } from './disk.ts';
import { errnoOf, orMissing, writeProblem } from './file-problem.ts';
import { privateFile } from './private.ts';

/** A file of lines that only grows. It holds prompts and replies: a new one is for its user alone. */
export interface LineFile {
  /**
   * Resolves when the line is written. Each write is whole lines in one call, so processes that share the
   * file do not mix theirs. After one that failed every further one fails with the same error: what would
   * follow a half-written line could not be read.
   * @throws BlueprintError `line-not-written` or of `writeProblem`
   */
  append(line: string): Promise<void>;
}

/**
 * A file to append to, whose folder is there. It is tried now, so that nothing is paid for that then cannot
 * be written; a new one is made with its first line, below `header`.
 * @param shown the path for people.
 * @throws BlueprintError when it cannot be written
 */
export async function openLineFile(
  path: string,
  { header, shown }: { header: string; shown: string },
): Promise<LineFile> {
  try {
    await tryOut(path);
  } catch (error) {
    throw writeProblem(error, shown);
  }
  let last: Promise<void> = Promise.resolve();
  return {
    append(line) {
      last = last.then(() => write(path, header, line, shown));
      // Whoever asked gets the error; the chain must not be an unhandled one.
      last.catch(() => undefined);
      return last;
    },
  };
}

async function tryOut(path: string): Promise<void> {
  const isNew = await newFile(path);
  if (isNew !== null) {
    await isNew.close();
    await rm(path);
  } else await (await open(path, 'a+')).close();
}

/** Null when it is there already. */
async function newFile(path: string): Promise<OpenFile | null> {
  try {
    return await open(path, 'ax+', privateFile);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return null;
    throw error;
  }
}

async function write(path: string, header: string, line: string, shown: string): Promise<void> {
  try {
    await using file = (await newFile(path)) ?? (await open(path, 'a+'));
    const lead = leadOf(file, header);
    const bytes = Buffer.from(`${lead}${line}\n`);
    const taken = await file.write(bytes);
    // A full disk takes a part and says so only at the next write.
    if (taken < bytes.length) throw partlyWritten(shown);
  } catch (error) {
    throw writeProblem(error, shown);
  }
}

/** What has to stand before the next line. */
function leadOf(file: OpenFile, header: string): string {
  const size = file.size();
  if (size === 0) return `${header}\n`;
  const last = Buffer.alloc(1);
  file.read(last, size - 1);
  return last[0] === 0x0a ? '' : '\n';
}

function partlyWritten(shown: string): BlueprintError {
  return new BlueprintError({
    code: 'line-not-written',
    message: `Cannot write all of a line to ${shown}: the disk is probably full`,
    target: shown,
    fix: 'Free some space and run the command again; what was kept before is not lost.',
    exitCode: ExitCode.unavailable,
  });
}

/**
 * Takes what a killed writer left of a last line out of the file and puts it beside it.
 * @param from where it begins, in bytes.
 * @returns the path of the new file.
 */
export async function setTailAside(path: string, content: Buffer, from: number): Promise<string> {
  for (let number = 1; ; number++) {
    const aside = `${path}.cut-off-${number}`;
    if ((await orMissing(stat(aside), null)) !== null) continue;
    await writeFileAtomic(aside, content.subarray(from), 'safe', privateFile);
    await truncate(path, from);
    return aside;
  }
}
