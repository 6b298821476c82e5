import type { Finding } from '../domain/review.ts';
import { toSingleLine } from '../domain/text.ts';
import type { Gate } from './gate.ts';
import { blocker, verdictOn } from './verdict.ts';

/**
 * Keeps work that holds a secret of the user's own from approval. Replies are cleaned before anybody sees
 * them, so it comes from a file of the project that was changed elsewhere.
 * @param held names the secrets in a text.
 */
export function secretsGate(held: (text: string) => readonly string[]): Gate {
  return {
    name: 'secrets',
    blocking: true,
    async check({ changes }) {
      const findings = [...changes].flatMap(([path, content]) =>
        content === null ? [] : findingsIn(path, content, held),
      );
      const [first] = findings;
      const verdict = verdictOn(findings, 'no secret of this environment found');
      if (first === undefined) return verdict;
      return { ...verdict, summary: `${first.location ?? ''}: ${first.evidence}` };
    },
  };
}

function findingsIn(
  path: string,
  content: string,
  held: (text: string) => readonly string[],
): Finding[] {
  const names = held(content);
  if (names.length === 0) return [];
  const line = content.split('\n').findIndex((text) => held(text).length > 0);
  const name = toSingleLine(names.join(', '), 100);
  return [
    blocker(
      'security',
      line === -1 ? path : `${path}:${line + 1}`,
      `the file holds the value of ${name}`,
      `Read ${name} from the environment instead.`,
    ),
  ];
}
