import type { AcceptanceSettings } from '../domain/acceptance.ts';
import { userPart, type MessagePart } from '../models/language-model.ts';
import { fenced } from '../text/fence.ts';
import type { Contract } from './contract.ts';

/** What an author is told of the tests that hold its work; null where there are none. */
export function authorPart(
  { criteria, tests, uses }: Contract,
  shown: AcceptanceSettings['tests'],
): MessagePart | null {
  if (tests.length === 0) return null;
  const tested = criteria.filter(({ id }) => tests.some(({ criterion }) => criterion === id));
  const lines = tested.map(({ id, text }) => `${id}: ${text}`);
  const paths = tests.map(({ path }) => path).join('\n');
  const parts = [
    '# Tests that hold the work',
    `Tests that were made before your work, and cannot be changed, hold it to these criteria:\n${fenced(lines.join('\n'))}`,
    ...(uses.length === 0
      ? []
      : [`They rely on these names; use them exactly:\n${fenced(uses.join('\n'))}`]),
    shown === 'shown'
      ? `They are:\n\n${tests.map(({ path, content }) => fenced(`${path}:\n${content}`)).join('\n\n')}`
      : `You do not see them yet. They stand at these paths, where you write nothing:\n${fenced(paths)}`,
    'Where one of them asks for what neither task nor spec states, do not bend the work to it: write a line into the notes that begins with "Dispute", the criterion and a colon, as "Dispute R2.1: why". Somebody else decides.',
  ];
  return userPart('acceptance', parts.join('\n\n'));
}
