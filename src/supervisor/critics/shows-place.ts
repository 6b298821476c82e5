import type { FileChanges } from '../../domain/bundle.ts';
import { hasLine, placeOf } from '../../text/finding-key.ts';
import { quotesWork } from '../counting/judged-work.ts';
import type { CriticFinding } from './critique.ts';

/** Whether a finding names a line that the work has, or quotes words of it. */
export function showsPlace(
  { evidence, location }: Pick<CriticFinding, 'evidence' | 'location'>,
  changes: FileChanges,
): boolean {
  const place = placeOf(location);
  const text = place === null ? null : (changes.get(place.path) ?? null);
  if (place !== null && text !== null && hasLine(text, place.line)) return true;
  return quotesWork(evidence, { changes });
}
