import { cachedPart, type MessagePart } from '../models/language-model.ts';
import { fenced } from '../text/fence.ts';
import { factTokens } from './fact-tokens.ts';
import type { ProjectPaths } from './path-problems.ts';
import type { PlanPorts } from './ports.ts';

/**
 * What a planning prompt says of the project as it stands: parts `project`, alike for all of them, and
 * `map`, drawn for a text. Empty where there is nothing to say.
 */
export async function projectParts(
  { project = null }: Pick<PlanPorts, 'project'>,
  text: string,
): Promise<MessagePart[]> {
  if (project === null || (await project.known.isEmpty())) return [];
  const facts = await project.known.facts(factTokens);
  const map = await project.known.map(text, project.mapTokens);
  return [
    cachedPart('project', `The project as it stands:\n\n${fenced(facts)}`),
    cachedPart('map', `${mapHeading}\n\n${fenced(map.text)}`),
  ];
}

const mapHeading =
  'Of its files, those that the words below have most to do with, with what they define, by line. There are others:';

/** What planned paths are checked against; null where the project is not looked at, or holds nothing. */
export async function projectPaths({
  project = null,
}: Pick<PlanPorts, 'project'>): Promise<ProjectPaths | null> {
  if (project === null || (await project.known.isEmpty())) return null;
  return { paths: await project.known.paths(), packages: await project.known.packages() };
}
