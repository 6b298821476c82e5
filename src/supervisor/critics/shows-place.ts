import type { FileChanges } from '../../domain/bundle.ts';
import type { CriticFinding } from './critique.ts';

const place = /^(.+?):(\d+)(?:[-:]\d+)*$/;
const quotes = /`([^`\n]+)`|«([^»\n]+)»|“([^”\n]+)”|"([^"\n]+)"/g;
/** Shorter ones are found everywhere. */
const leastQuoted = 8;

/** Whether a finding names a line that the work has, or quotes words of it. */
export function showsPlace(
  { evidence, location }: Pick<CriticFinding, 'evidence' | 'location'>,
  changes: FileChanges,
): boolean {
  const [, path = '', line = '0'] = place.exec(location?.trim() ?? '') ?? [];
  const text = changes.get(path) ?? null;
  if (text !== null && Number(line) >= 1 && Number(line) <= text.split('\n').length) return true;
  const quoted = [...evidence.matchAll(quotes)].flatMap((found) => plain(found.slice(1).join('')));
  const files = [...changes.values()].flatMap((content) =>
    content === null ? [] : plain(content),
  );
  return quoted.some(
    (words) => words.length >= leastQuoted && files.some((content) => content.includes(words)),
  );
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
