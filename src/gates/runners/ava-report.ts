import { posix } from 'node:path';
import stripAnsi from 'strip-ansi';
import type { ProjectView } from '../../files/project-view.ts';
import { isBelow } from '../../files/slash-paths.ts';
import {
  emptyReport,
  filesWith,
  manifestSays,
  reportOf,
  type TestOutcome,
  type TestReport,
} from './runner.ts';
import { readTap } from './tap.ts';

/** Files that ask for ava: its report names them by a part of their paths. None where no manifest names it. */
export async function avaFiles(project: ProjectView, folder: string): Promise<string[]> {
  if (!(await manifestSays(project, folder, /\bava\b/))) return [];
  const sources = [...project.files].filter(
    (path) => isBelow(path, folder) && /\.[cm]?[jt]sx?$/.test(path),
  );
  return filesWith(project, sources, /(?:\bfrom|\brequire\s*\()\s*['"]ava['"]/);
}

/**
 * The report of ava, in TAP. A title has the file's name before it where several files ran, and none where one
 * did: here it never has, so that runs can be compared.
 * @param files that ask for ava
 * @param only files that the run was told, where it was told any
 * @param place of a path as ava prints it
 */
export function readAva(
  text: string,
  files: readonly string[],
  only: readonly string[],
  place: (path: string) => string | null,
): TestReport {
  const tap = readTap(stripAnsi(text));
  if (tap === null) return emptyReport;
  const alone =
    only.length === 1 ? (only[0] ?? null) : files.length === 1 ? (files[0] ?? null) : null;
  const tests: TestOutcome[] = [];
  for (const test of tap.tests) {
    const ended = exits.exec(test.name)?.[1];
    if (ended === undefined) {
      tests.push(placed(test, files, alone));
      continue;
    }
    const file = place(ended) ?? alone;
    // The error that ended it was told before as a test by itself, that says of which file as it can.
    const isCause = ({ outcome, name, text: words }: TestOutcome): boolean =>
      outcome === 'failed' && `${name}\n${words}`.includes(ended);
    const cause = tests.find(isCause);
    if (cause !== undefined) tests.splice(tests.indexOf(cause), 1);
    const hasRun = tests.some((other) => other.file === file);
    tests.push({
      ...test,
      name: `${hasRun ? 'running' : 'loading'} ${ended}`,
      file,
      text: cause === undefined ? test.name : `${cause.name}\n${cause.text}`,
    });
  }
  return reportOf(tests, tap);
}

/** A file whose process, or thread, ended before its tests did. */
const exits = /^(\S.*\.[cm]?[jt]sx?) exited (?:with|due to) /;

function placed(test: TestOutcome, files: readonly string[], alone: string | null): TestOutcome {
  const parts = test.name.split(' › ');
  for (let length = parts.length - 1; length > 0; length -= 1) {
    const shown = parts.slice(0, length).join('/');
    const [file, other] = files.filter((path) => `/${shownAs(path)}`.endsWith(`/${shown}`));
    if (file !== undefined && other === undefined)
      return { ...test, file, name: parts.slice(length).join(' › ') };
  }
  return { ...test, file: alone };
}

/** As ava shows a file before a title. */
function shownAs(path: string): string {
  const { dir, name } = posix.parse(path);
  const folders = dir.split('/').filter((step) => step !== '' && step !== '__tests__');
  const shown = name.replace(/\.(?:spec|test)$/, '').replace('test-', '');
  return [...folders, shown].join('/');
}
