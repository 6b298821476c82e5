import type { ChalkInstance } from 'chalk';
import { someOf } from '../../text/counted.ts';
import type { FeatureDocument } from '../../domain/task.ts';
import type { SpecState } from '../../use-cases/show.ts';
import { movedRequirements, specChangedText, specProblemText } from '../../text/spec-changes.ts';
import { printable } from './cells.ts';

/** That the spec is not as it was planned, and what to do; nothing where it is. */
export function specLines(
  feature: string,
  { changes, problem }: SpecState,
  { tasks }: FeatureDocument,
  paint: ChalkInstance,
): string[] {
  if (problem !== null) return [paint.yellow(printable(specProblemText(problem)))];
  if (changes === null) return [];
  const touched = movedRequirements(changes);
  const serving = tasks
    .filter(({ requirements }) => requirements.some((id) => touched.has(id)))
    .map(({ id }) => id);
  const whose = serving.length === 0 ? '' : ` ${someOf(serving)} ${serve(serving)} them.`;
  return [
    paint.yellow(printable(`${specChangedText(changes)}.${whose}`)),
    `The tasks are as planned before. Plan anew what changed: blueprint new --again ${feature}`,
  ];
}

function serve({ length }: readonly string[]): string {
  return length === 1 ? 'serves' : 'serve';
}
