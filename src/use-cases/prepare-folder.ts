import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResolvedConfig } from '../config/resolved-config.ts';
import { isRules, roleDefaults } from '../domain/model-role.ts';
import { writeFileAtomic } from '../files/atomic-file.ts';
import { linkLeadsOut, placeBelow, slashPath } from '../files/contained-path.ts';
import { errnoOf, writeProblem } from '../files/file-problem.ts';
import { makeFolder as makeFolders } from '../files/make-folder.ts';
import type { RoleRoute } from './ports.ts';

/** What a feature's folder holds beside the plan: bulky, or of this machine alone. */
const ignored = [
  'journal.jsonl',
  'manifest.json',
  'calls/',
  'partial/',
  'leases/',
  'tasks.lock*',
  'tasks.recent.jsonl',
  'workspace.lock*',
  'workspace.staging/',
  'applied*/',
];

/** Of the root: work that belongs to no feature. */
const adHocFolders = ['.blueprint/'];

/** A file to be made or made longer. */
export interface PreparedFile {
  /** Absolute. */
  readonly path: string;
  /** The text that is new in it. */
  readonly added: string;
  /** The whole text that it will have. */
  readonly content: string;
}

/**
 * What a project folder needs for work with features; nothing is written.
 * @param roles of a config that is to be written: what each would use now
 */
export async function missingFiles(
  config: Pick<ResolvedConfig, 'file' | 'root' | 'featuresDir'>,
  cwd: string,
  roles: readonly RoleRoute[],
): Promise<PreparedFile[]> {
  const files: PreparedFile[] = [];
  if (config.file === null) {
    const proposed = proposedRoles(roles);
    const written = {
      ...(Object.keys(proposed).length > 0 && { roles: proposed }),
      executor: { concurrency: 3 },
      supervisor: { maxIterations: 3 },
    };
    const content = `${JSON.stringify(written, null, 2)}\n`;
    files.push({ path: join(cwd, 'blueprint.config.json'), added: content, content });
  }
  const path = join(config.root, '.gitignore');
  await refuseOutwardLink(config.root, '.gitignore');
  const existing = await readExisting(path);
  const folder = slashPath(config.root, config.featuresDir);
  const known = new Set(existing.split(/\r?\n/));
  const inFeatures = [`${folder}/*`, `${folder}/.archive/*`].flatMap((feature) =>
    ignored.map((name) => `${feature}/${name}`),
  );
  const lines = [...inFeatures, ...adHocFolders].filter((line) => !known.has(line));
  if (lines.length > 0) {
    const added = `# blueprint: what a run keeps beside the plan\n${lines.join('\n')}\n`;
    const gap = existing === '' || existing.endsWith('\n') ? '' : '\n';
    files.push({ path, added, content: `${existing}${gap}${added}` });
  }
  return files;
}

/** For each role that stands for itself the models that can be asked, so that a person sees and changes them. */
function proposedRoles(roles: readonly RoleRoute[]): Record<string, readonly string[]> {
  const proposed: Record<string, readonly string[]> = {};
  for (const { role, decision } of roles) {
    if (decision === null || isRules(decision.chosen) || roleDefaults[role] !== undefined) continue;
    proposed[role] = [decision.chosen, ...decision.fallbacks];
  }
  return proposed;
}

/** A clone can bring a link in the place of the file, which is then not ours to write through. */
async function refuseOutwardLink(root: string, path: string): Promise<void> {
  const found = await placeBelow(root, path, 'inside');
  if (!('problem' in found)) return;
  throw linkLeadsOut(path, found.problem, 'Replace the link by a real file or folder.');
}

async function readExisting(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return '';
    throw error;
  }
}

/** Writes the files, each whole or not at all, and makes the features folder. */
export async function prepareFolder(
  files: readonly PreparedFile[],
  featuresDir: string,
): Promise<void> {
  for (const { path, content } of files) await writeWhole(path, content);
  await makeFolder(featuresDir);
}

/** A folder with all above it. @throws BlueprintError that names it and the fix. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeFolders(path);
  } catch (error) {
    throw writeProblem(error, path);
  }
}

/**
 * A file whole or not at all, so that a full disk leaves no empty one; a link stays a link.
 * @throws BlueprintError that names the file and the fix.
 */
export async function writeWhole(path: string, content: string): Promise<void> {
  const target = await realpath(path).catch(() => path);
  try {
    // A config that others could write would not be trusted, whatever the umask.
    await writeFileAtomic(target, content, 'safe', 0o644);
  } catch (error) {
    throw writeProblem(error, path);
  }
}
