import { pathsEnding } from '../../files/by-ending.ts';
import type { ProjectView } from '../../files/project-view.ts';
import { baseName, folderFrom, folderOf } from '../../files/slash-paths.ts';

const manifest =
  /^(?:pyproject\.toml|setup\.(?:py|cfg)|\.?pytest\.ini|tox\.ini|Pipfile|requirements[\w.-]*\.txt)$/;
const manifestEndings = ['toml', 'py', 'cfg', 'ini', 'pipfile', 'txt'];
const testFolder = /(?:^|\/)(?:tests?|testdata|fixtures|__fixtures__)(?:\/|$)/;

/** The texts of all manifests of Python in each folder that has some; `''` is the root. */
export type PythonManifests = ReadonlyMap<string, string>;

/** Folders of a project that are packages of Python, or are set up as one. Data of tests are none. */
export async function pythonManifests(project: ProjectView): Promise<PythonManifests> {
  const folders = new Map<string, string[]>();
  const manifests = pathsEnding(project.files, manifestEndings).filter((path) =>
    manifest.test(baseName(path)),
  );
  for (const path of manifests.sort()) {
    const folder = folderOf(path);
    if (testFolder.test(folder)) continue;
    folders.set(folder, [...(folders.get(folder) ?? []), path]);
  }
  const texts = new Map<string, string>();
  for (const [folder, paths] of folders)
    texts.set(folder, (await Promise.all(paths.map((path) => project.read(path)))).join('\n'));
  return texts;
}

/** Folders whose package a manifest asks for, by a path or by its name. */
export function pythonNeeds(folder: string, manifests: PythonManifests): string[] {
  const text = manifests.get(folder) ?? '';
  const paths = [...text.matchAll(/\.{1,2}\/[\w./-]{1,300}/g)].map(([path]) =>
    folderFrom(folder, path),
  );
  const named = [...manifests].flatMap(([other, theirs]) => {
    const name = /^[ \t]*name[ \t]*=[ \t]*["']?([\w.-]+)/m.exec(theirs)?.[1];
    return other !== folder && name !== undefined && asksFor(text, name) ? [other] : [];
  });
  return [...paths, ...named];
}

function asksFor(text: string, name: string): boolean {
  const words = name.replace(/[-_.]+/g, '[-_.]+');
  return new RegExp(`(?:^|["'])${words}(?=["'\\s\\[=<>~!;@]|$)`, 'im').test(text);
}
