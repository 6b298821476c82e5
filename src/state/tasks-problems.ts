import { BlueprintError, type Diagnostic } from '../domain/errors.ts';
import { shown } from '../text/schema-problems.ts';
import { documentProblems, placeName } from './document-problems.ts';
import { encodingProblem, jsonTextOf, syntaxProblems } from './tasks-syntax.ts';

/** Problems shown at once: a file that is wrong in one way is often wrong in it a thousand times. */
const shownAtOnce = 20;

/** Why the bytes are no sound tasks.json: all that is found in one pass, each with its line and fix. */
export function tasksFileError(bytes: Buffer, shownPath: string): BlueprintError {
  const encoding = encodingProblem(bytes, shownPath);
  if (encoding !== null) return errorOf([encoding], shownPath);
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return errorOf(syntaxProblems(text, shownPath), shownPath);
  }
  // Without the places, where nesting is too deep for them, the problems are shown without their lines.
  const json = jsonTextOf(text);
  const lineOf = (path: readonly PropertyKey[]): string =>
    json === null ? shownPath : `${shownPath}:${json.lineOf(path)}`;
  const doubled = (json?.duplicateKeys ?? []).map(({ key, path, line }) => {
    const place = placeName(path.slice(0, -1), value);
    return {
      code: 'tasks-file-duplicate-key',
      message: `${place === '' ? 'The task list' : place} has the key «${shown(key)}» twice`,
      target: `${shownPath}:${line}`,
      fix: 'Delete one of the two.',
    };
  });
  const problems = documentProblems(value).map(({ code, path, message, fix }) => ({
    code: `tasks-file-${code}`,
    message,
    target: lineOf(path),
    fix,
  }));
  return errorOf([...doubled, ...problems], shownPath);
}

/** Why a document that the program is about to write is unsound. */
export function unsoundDocumentError(document: unknown, shownPath: string): BlueprintError {
  const problems = documentProblems(document).map(({ code, message, fix }) => ({
    code: `tasks-${code}`,
    message,
    target: shownPath,
    fix,
  }));
  return errorOf(problems, shownPath);
}

function errorOf(problems: readonly Diagnostic[], shownPath: string): BlueprintError {
  const [first, ...others] = problems;
  if (first === undefined)
    return new BlueprintError({
      code: 'tasks-file-invalid',
      message: `${shownPath} is not a sound task list`,
      target: shownPath,
      fix: 'Restore it from version control.',
    });
  const left = others.length - (shownAtOnce - 1);
  if (left <= 0) return new BlueprintError({ ...first, others });
  const more = {
    code: 'tasks-more-problems',
    message: `${left} more ${left === 1 ? 'problem' : 'problems'} in ${shownPath}`,
    target: shownPath,
    fix: 'Mend these first, then run the command again to see the rest.',
  };
  return new BlueprintError({ ...first, others: [...others.slice(0, shownAtOnce - 1), more] });
}
