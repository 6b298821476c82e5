import type { Acceptance } from '../acceptance/open.ts';
import type { CriterionResult } from '../domain/acceptance.ts';
import { wholeBundle } from '../domain/candidate.ts';
import type { FileBundle, FileChanges } from '../domain/bundle.ts';
import { isRules, roleOfType } from '../domain/model-role.ts';
import { estimatePromptTokens } from '../domain/text.ts';
import type { MessagePart } from '../models/language-model.ts';
import { filesBelow } from '../supervisor/steps.ts';
import type { Work } from '../supervisor/work.ts';
import type { RejectedWork, WorkflowInput } from './workflow.ts';

/** Tests of a code task's criteria; null where none are to be made: tests were given, or rules write it. */
export async function acceptanceFor(
  input: WorkflowInput,
  work: Work,
  prompt: readonly MessagePart[],
  sentBack: RejectedWork | null,
): Promise<Acceptance | null> {
  const { parts, view, document, files, checked } = input;
  const { task, router } = work;
  const settings = parts.acceptance;
  const isGiven = (checked?.frozen?.size ?? 0) > 0;
  if (settings === undefined || settings.tests === 'off' || isGiven || task.type !== 'code')
    return null;
  const decision = router.decide(roleOfType[task.type], {
    contentTokens: estimatePromptTokens(prompt),
  });
  if (sentBack === null && isRules(decision.chosen)) return null;
  const { openAcceptance } = await import('../acceptance/open.ts');
  return openAcceptance({
    work,
    document,
    view,
    gates: parts,
    settings,
    files: filesBelow(files, 'acceptance'),
    kept: input.kept ?? filesBelow(files, 'acceptance'),
    sentBack: sentBack?.candidate.changes ?? null,
  });
}

/** Work that a person sent back without the tests that hold it: those are none of the author's. */
export function withoutTests(
  { candidate, ...rest }: RejectedWork,
  acceptance: Acceptance | null,
): RejectedWork {
  const tests = acceptance?.tests() ?? new Map<string, string>();
  const changes = new Map([...candidate.changes].filter(([path]) => !tests.has(path)));
  if (changes.size === candidate.changes.size) return { candidate, ...rest };
  const bundle = wholeBundle(changes, withoutPaths(candidate.bundle, tests));
  return { candidate: { ...candidate, changes, bundle }, ...rest };
}

/** The work with the tests that hold it: they are delivered, and committed, with it. */
export function withTests(
  changes: FileChanges,
  bundle: FileBundle,
  acceptance: Acceptance | null,
): { readonly changes: FileChanges; readonly bundle: FileBundle } {
  const tests = acceptance?.tests() ?? new Map<string, string>();
  if (tests.size === 0) return { changes, bundle };
  const all = new Map([...changes, ...tests]);
  const named = [...new Set([...bundle.tests, ...tests.keys()])];
  return { changes: all, bundle: wholeBundle(all, { ...bundle, tests: named }) };
}

/** In a sentence, which criteria nobody has seen hold; empty for none. */
export function openCriteriaText(criteria: readonly CriterionResult[]): string {
  const open = criteria.filter(({ by }) => by === 'open');
  if (open.length === 0) return '';
  const named = open.map(({ id, note }) => (note === '' ? id : `${id} (${note})`));
  return ` Nobody has seen hold: ${named.join('; ')}.`;
}

const mostShown = 3;

/** In a sentence, changes of the work that its tests do not notice; empty for none. */
export function unnoticedText(unnoticed: readonly string[]): string {
  if (unnoticed.length === 0) return '';
  const shown = unnoticed.slice(0, mostShown).join('; ');
  const more = unnoticed.length > mostShown ? `; ${unnoticed.length - mostShown} more` : '';
  return ` Its tests do not notice ${shown}${more}.`;
}

function withoutPaths(bundle: FileBundle, paths: ReadonlyMap<string, string>): FileBundle {
  return { ...bundle, tests: bundle.tests.filter((path) => !paths.has(path)) };
}
