import type { Task } from '../domain/task.ts';
import { toSingleLine } from '../domain/text.ts';
import { holdersOf } from '../files/slash-paths.ts';
import { userPart, type MessagePart } from '../models/language-model.ts';
import type { PackageReach, Project } from '../repository/project.ts';
import { fenced } from '../text/fence.ts';

/** In a project of several packages: those that a task's files are in, and what each can import. */
export async function packagePart(
  { files }: Pick<Task, 'files'>,
  project: Project,
): Promise<MessagePart | null> {
  if (files.length === 0 || (await project.isEmpty())) return null;
  const packages = await project.packages();
  if (packages.length < 2) return null;
  const own = holdersOf(files, packages);
  if (own.length === 0) return null;
  const text = own.map(packageLine).join('\n');
  return userPart('packages', `# The packages that its files are in\n\n${fenced(text)}`);
}

function packageLine({ folder, name, ecosystem, dependsOn, runners }: PackageReach): string {
  const facts = [
    `${folder === '' ? 'the root' : `${folder}/`}: ${name ?? 'without a name'} (${ecosystem})`,
    dependsOn.length > 0 && `can import from ${dependsOn.join(', ')}`,
    runners.length > 0 && `tests: ${runners.join(', ')}`,
  ];
  return toSingleLine(facts.filter((fact) => fact !== false).join('; '), 400);
}
