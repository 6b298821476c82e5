import { pathKey } from '../domain/safe-path.ts';
import type { GateInput } from './gate.ts';
import { testLanguage } from './protect/protected-path.ts';

/** Which tests a task answers for beyond those that passed before it. */
export interface Ownership {
  /** The file's tests must pass also where they failed before: the task is there for them. */
  readonly mustPass: (file: string | null) => boolean;
  /** The task may change the file's tests. */
  readonly mayChange: (file: string | null) => boolean;
  /** The work, or whoever fixed the tests, has put this file there: it must be in the report. */
  readonly brings: (file: string) => boolean;
}

export function ownershipOf({ task, bundle, changes, frozen }: GateInput): Ownership {
  const declared = new Set(task.files.map(pathKey));
  const isDeclared = (file: string): boolean => declared.has(pathKey(file));
  const tests = new Set(bundle.tests);
  return {
    mustPass: (file) =>
      file !== null &&
      (frozen.has(file) ||
        tests.has(file) ||
        // Code with tests in it may have failed for reasons of others.
        (isDeclared(file) && testLanguage(file) !== null)),
    mayChange: (file) => file !== null && isDeclared(file) && !frozen.has(file),
    brings: (file) => frozen.has(file) || typeof changes.get(file) === 'string',
  };
}
