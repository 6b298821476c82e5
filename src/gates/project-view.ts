import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileChanges } from '../domain/bundle.ts';
import { readLeft } from '../files/read-left.ts';
import type { GateInput } from './gate.ts';
import type { ProjectView } from '../files/project-view.ts';

const installed = /(?:^|\/)(?:\.git|node_modules|\.venv|venv|__pycache__|site-packages)(?:\/|$)/;
const largestText = 2_000_000;

/** The project before the task, without what is installed in it. */
export async function projectBefore(
  { project }: Pick<GateInput, 'project'>,
  signal: AbortSignal,
): Promise<ProjectView> {
  return ownFiles(await project(signal));
}

/** A project without what is installed in it. */
export function ownFiles({ files, read }: ProjectView): ProjectView {
  const own: string[] = [];
  for (const path of files) if (!installed.test(path)) own.push(path);
  return { files: new Set(own.sort()), read };
}

/** A project as it would be with changes made to it. */
export function withChanges({ files, read }: ProjectView, changes: FileChanges): ProjectView {
  const changed = new Set(files);
  for (const [path, content] of changes)
    if (content === null) changed.delete(path);
    else changed.add(path);
  return {
    files: changed,
    read: async (path) => {
      if (!changed.has(path)) return null;
      return changes.get(path) ?? read(path);
    },
  };
}

/** Paths of the files below a folder, sorted. Links are not followed. */
async function filesBelow(folder: string): Promise<Set<string>> {
  const found: string[] = [];
  const open = [''];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    for (const entry of await readdir(join(folder, path), { withFileTypes: true })) {
      const below = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isFile()) found.push(below);
      else if (entry.isDirectory() && !installed.test(entry.name)) open.push(below);
    }
  }
  return new Set(found.sort());
}

/** The files of a copy as they are now. */
export async function viewOf(folder: string): Promise<ProjectView> {
  const files = await filesBelow(folder);
  const texts = new Map<string, Promise<string | null>>();
  const load = async (path: string): Promise<string | null> => {
    // Code that is not trusted may have run there since.
    const bytes = files.has(path) ? await readLeft(folder, path, largestText) : null;
    return bytes === null || bytes.includes(0) ? null : bytes.toString('utf8');
  };
  return {
    files,
    read(path) {
      const text = texts.get(path) ?? load(path);
      texts.set(path, text);
      return text;
    },
  };
}
