import type { PlannedSpec, Requirement } from '../domain/task.ts';
import { sha256 } from './sha256.ts';

/** A requirement by its id and the hash of its words. */
export function plannedRequirement({
  id,
  text,
  acceptance,
}: Requirement): PlannedSpec['requirements'][number] {
  return { id, sha256: sha256([text, ...acceptance].map(plainWords).join('\n')) };
}

/** One spelling for texts that differ in layout alone. */
export function plainWords(text: string): string {
  return (
    text
      .normalize('NFC')
      // `*so*` and `_so_` say the same, and tables may be aligned.
      .replace(/(?<![\w*])\*(?=[^\s*])([^*\n]*[^\s*])\*(?![\w*])/g, '_$1_')
      .replace(/[ \t]*\|[ \t]*/g, '|')
      .replace(/:?-{3,}:?/g, '---')
      .replace(/\s+/g, ' ')
      .trim()
  );
}
