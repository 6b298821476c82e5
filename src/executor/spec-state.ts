import { BlueprintError, type Diagnostic } from '../domain/errors.ts';
import type { FeatureDocument } from '../domain/task.ts';
import type { ArtefactStore } from '../state/ports.ts';
import { specChanges, specProblem, withSpecWords, type SpecChanges } from '../text/spec-changes.ts';

/** How `spec.md` stands to the plan that was made from it. */
export interface SpecState {
  /** What changed since; null for nothing. */
  readonly changes: SpecChanges | null;
  /** Why the spec cannot be used; null where it can. */
  readonly problem: Diagnostic | null;
}

/** Never throws for a spec that cannot be read: that is its problem, and holds up nobody else. */
export async function specState(
  slug: string,
  document: FeatureDocument,
  artefacts: Pick<ArtefactStore, 'read' | 'path'>,
): Promise<SpecState> {
  try {
    const { changes } = await usableSpec(slug, document, artefacts);
    return { changes, problem: null };
  } catch (error) {
    if (!(error instanceof BlueprintError)) throw error;
    return { changes: null, problem: error.toJSON() };
  }
}

/**
 * The spec, and the task list with its requirements in the spec's words of now.
 * @throws BlueprintError `spec-missing`, `spec-broken`, or why it cannot be read
 */
export async function usableSpec(
  slug: string,
  document: FeatureDocument,
  artefacts: Pick<ArtefactStore, 'read' | 'path'>,
): Promise<{ spec: string; document: FeatureDocument; changes: SpecChanges | null }> {
  const spec = await artefacts.read(slug, 'spec.md');
  const problem = specProblem(document, spec, artefacts.path(slug, 'spec.md'));
  if (problem !== null) throw new BlueprintError(problem);
  const changes = spec === null ? null : specChanges(document, spec);
  return { spec: spec ?? '', document: withSpecWords(document, changes), changes };
}
