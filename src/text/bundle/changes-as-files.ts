import type { FileBundle } from '../../domain/bundle.ts';
import { readEdits } from './edits.ts';
import { quoted } from './parsed.ts';

const searchStart = /^\s*<{5,} SEARCH\s*\n/;
const diffStart =
  /^\s*(?:diff --git .*\n|\*\*\* (?:Begin Patch|Update File:).*\n|--- .*\n\+\+\+ .*\n@@|@@ -\d+(?:,\d+)? \+\d+)/;

/**
 * Files whose content is how they are to be changed: SEARCH/REPLACE blocks are taken as the edits that they
 * are, a diff is a fault.
 */
export function readChangesAsFiles(given: FileBundle): { bundle: FileBundle; faults: string[] } {
  const faults: string[] = [];
  const edits = [...given.edits];
  const files = given.files.filter(({ path, content }) => {
    if (searchStart.test(content)) {
      const read = readEdits(content.split('\n'));
      if ('fault' in read) faults.push(`${quoted(path)} ${read.fault}.`);
      else edits.push(...read.edits.map((edit) => ({ path, ...edit })));
      return false;
    }
    if (diffStart.test(content) && !/\.(?:diff|patch)$/i.test(path))
      faults.push(
        `${quoted(path)} is given as a whole file and holds a diff: give the file whole, or change it by search and replace.`,
      );
    return true;
  });
  return { bundle: { ...given, files, edits }, faults };
}
