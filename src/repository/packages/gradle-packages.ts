import type { ProjectView } from '../../files/project-view.ts';
import { baseName, folderFrom, folderOf, isBelow } from '../../files/slash-paths.ts';
import { jvmSourceRoots } from './jvm-sources.ts';
import {
  manifestsIn,
  otherFolders,
  type ProjectPackage,
  type Surveyed,
} from './project-package.ts';

/** What a settings file says of its build. */
interface Build {
  readonly folder: string;
  readonly path: string;
  readonly name: string | null;
  /** Folders of its projects by their paths, as `:app:core`; `:` is the root. */
  readonly projects: ReadonlyMap<string, string>;
}

/**
 * The projects of Gradle. Its files are programs: read is what nearly all of them write plainly, `include`,
 * `projectDir`, and dependencies on `project(…)` or `projects.…`.
 */
export async function gradlePackagesIn(surveyed: Surveyed): Promise<ProjectPackage[]> {
  const { view } = surveyed;
  const builds = await buildsIn(view);
  const scripts = new Map<string, string>();
  for (const path of manifestsIn(view, /^build\.gradle(?:\.kts)?$/))
    scripts.set(folderOf(path), path);
  for (const { projects } of builds)
    for (const folder of projects.values())
      if (!scripts.has(folder) && surveyed.folders.has(folder))
        scripts.set(folder, settingsOf(folder, builds));
  const packages: ProjectPackage[] = [];
  for (const [folder, path] of [...scripts].sort()) {
    if (path === '') continue;
    const build = builds.find(({ projects }) => [...projects.values()].includes(folder)) ?? null;
    const text = plain((await view.read(path)) ?? '');
    const { sourceRoots, hasTests } = jvmSourceRoots(folder, surveyed.folders);
    packages.push({
      folder,
      name: nameOf(folder, build),
      ecosystem: 'gradle',
      manifest: path,
      workspaceRoot: build?.folder ?? null,
      dependsOn: build === null ? [] : otherFolders(folder, neededBy(text, build)),
      scripts: {},
      runners: hasTests ? ['gradle'] : [],
      sourceRoots,
      entryPoints: [],
      problem: null,
    });
  }
  return packages;
}

async function buildsIn(view: ProjectView): Promise<Build[]> {
  const builds: Build[] = [];
  for (const path of manifestsIn(view, /^settings\.gradle(?:\.kts)?$/)) {
    const text = plain((await view.read(path)) ?? '');
    const folder = folderOf(path);
    const name = /rootProject\.name\s{0,20}=\s{0,20}["']([^"'$]+)["']/.exec(text)?.[1] ?? null;
    const projects = new Map([[':', folder]]);
    for (const [, list = ''] of text.matchAll(includes))
      for (const [, written = ''] of list.matchAll(/["']([^"'$]+)["']/g)) {
        const project = `:${written.replace(/^:/, '')}`;
        projects.set(project, folderFrom(folder, project.slice(1).replaceAll(':', '/')));
      }
    for (const [, project = '', place = ''] of text.matchAll(placed))
      projects.set(project, folderFrom(folder, place));
    builds.push({ folder, path, name, projects });
  }
  // An inner build of its own comes before the one around it.
  return builds.sort((a, b) => b.folder.length - a.folder.length);
}

const includes = /\binclude[ \t]{0,9}\(?\s{0,9}((?:["'][^"'\n]+["'],?\s*)+)/g;
const placed =
  /project\(\s?["'](:[^"'\n]+)["']\s?\)\.projectDir\s{0,20}=\s{0,20}(?:new\s|file|File){1,2}\s?\(\s{0,20}(?:(?:settingsDir|rootDir)\s{0,20},\s{0,20})?["'](?:\$(?:rootDir|settingsDir)\/)?([^"'$]+)["']/g;

/** Without comments, in time that grows with the text alone. */
function plain(text: string): string {
  let rest = '';
  for (let at = text.startsWith('\ufeff') ? 1 : 0; at < text.length;) {
    const begin = text.indexOf('/*', at);
    const end = begin === -1 ? -1 : text.indexOf('*/', begin + 2);
    rest += `${text.slice(at, begin === -1 ? undefined : begin)} `;
    at = end === -1 ? text.length : end + 2;
  }
  return rest.replace(/(?<![:"'])\/\/.*$/gm, '');
}

/** The settings that name a folder without a script of its own; none for one that only holds others. */
function settingsOf(folder: string, builds: readonly Build[]): string {
  const build = builds.find(({ projects }) => [...projects.values()].includes(folder));
  const isParent =
    folder !== build?.folder &&
    [...(build?.projects.values() ?? [])].some(
      (other) => other !== folder && isBelow(other, folder),
    );
  return isParent ? '' : (build?.path ?? '');
}

function nameOf(folder: string, build: Build | null): string | null {
  if (build === null) return folder === '' ? null : baseName(folder);
  if (folder === build.folder) return build.name;
  const [project = folder] = [...build.projects].find(([, place]) => place === folder) ?? [];
  return project.slice(project.lastIndexOf(':') + 1);
}

function neededBy(text: string, { projects }: Build): string[] {
  const written = [...text.matchAll(/\bproject\s?\(\s{0,20}(?:path\s?[:=]\s?)?["'](:[^"']*)["']/g)];
  const accessors = [...text.matchAll(/\bprojects((?:\.[A-Za-z]\w*)+)/g)].map(
    ([, path = '']) => path,
  );
  const asked = new Set(written.map(([, project = '']) => project));
  return [...projects].flatMap(([project, folder]) => {
    const accessor = project
      .replaceAll(':', '.')
      .replace(/[-_](\w)/g, (_, letter: string) => letter.toUpperCase());
    return asked.has(project) || accessors.includes(accessor) ? [folder] : [];
  });
}
