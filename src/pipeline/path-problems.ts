import type { Task } from '../domain/task.ts';
import { holdersOf } from '../files/slash-paths.ts';
import type { PackageReach } from '../repository/project.ts';
import { nearestPaths } from './nearest-paths.ts';
import type { PlanProblem } from './plan-problems.ts';

/** What the project holds, as planned paths are checked against it. */
export interface ProjectPaths {
  /** Files, sorted. */
  readonly paths: readonly string[];
  readonly packages: readonly PackageReach[];
}

/** What a planned path is in the project as it stands. */
export type PathMark = 'exists' | 'new' | 'doubtful';

export interface CheckedPath {
  readonly path: string;
  readonly mark: PathMark;
  /** Of a doubtful one: what is wrong with it, and real paths that may be meant. */
  readonly problem?: string;
  readonly nearest?: readonly string[];
}

/** A name that more files have, as `index.ts`, is no sign of one of them. */
const mostNamesakes = 3;

/** Says of planned paths whether they are there. The words of tasks may say where a new folder belongs. */
export function pathMarker(
  { paths }: ProjectPaths,
  tasks: readonly Pick<Task, 'files' | 'title' | 'description' | 'acceptance'>[],
): (path: string) => CheckedPath {
  const files = new Set(paths);
  const folders = new Set(paths.flatMap(foldersOf));
  const bySpelling = new Map(paths.map((path) => [path.toLowerCase(), path]));
  const folderBySpelling = new Map([...folders].map((path) => [path.toLowerCase(), path]));
  const byName = new Map<string, string[]>();
  for (const path of paths) {
    const namesakes = byName.get(nameOf(path));
    if (namesakes === undefined) byName.set(nameOf(path), [path]);
    else namesakes.push(path);
  }
  const created = new Map<string, number>();
  for (const folder of tasks.flatMap(({ files: own }) => [...new Set(own)].flatMap(foldersOf)))
    created.set(folder, (created.get(folder) ?? 0) + 1);
  const words = tasks.map(({ title, description, acceptance }) =>
    [title, description, ...acceptance].join('\n'),
  );
  const isMeant = (folder: string): boolean =>
    (created.get(folder) ?? 0) > 1 || words.some((text) => text.includes(`${folder}/`));

  return (path) => {
    if (files.has(path)) return { path, mark: 'exists' };
    const spelled = bySpelling.get(path.toLowerCase()) ?? null;
    if (spelled !== null) return doubtful(path, 'is spelled otherwise in the project', [spelled]);
    if (folders.has(path)) return doubtful(path, 'is a folder', []);
    const above = foldersOf(path);
    const inFile = above.find((folder) => files.has(folder));
    if (inFile !== undefined) return doubtful(path, `lies below ${inFile}, which is a file`, []);
    const otherwise = above.find(
      (folder) => !folders.has(folder) && folderBySpelling.has(folder.toLowerCase()),
    );
    if (otherwise !== undefined) {
      const real = folderBySpelling.get(otherwise.toLowerCase()) ?? otherwise;
      const meant = `${real}${path.slice(otherwise.length)}`;
      return doubtful(path, `lies in ${otherwise}/, which the project spells ${real}/`, [meant]);
    }
    const namesakes = byName.get(nameOf(path)) ?? [];
    const folder = above.at(-1);
    // A new folder for a name that stands elsewhere is more likely a mistake.
    if (
      folder !== undefined &&
      !folders.has(folder) &&
      namesakes.length > 0 &&
      namesakes.length <= mostNamesakes &&
      !isMeant(folder)
    )
      return doubtful(
        path,
        `lies in a folder that is not there, and a file of that name is elsewhere`,
        nearestPaths(path, paths),
      );
    const [top] = above;
    // In the root, or below a folder that is there or that the work makes.
    if (top === undefined || folders.has(top) || paths.length === 0) return { path, mark: 'new' };
    const moved = namesakes.filter((one) => path.endsWith(`/${one}`) || one.endsWith(`/${path}`));
    if (isMeant(top) && moved.length === 0) return { path, mark: 'new' };
    return doubtful(
      path,
      `neither exists nor lies in a folder of the project, and nothing says that ${top}/ is to be made`,
      nearestPaths(path, paths),
    );
  };
}

/**
 * What is doubtful about the files of a plan: paths that the project spells otherwise or has elsewhere, and
 * files of a package that builds on another one which it does not ask for.
 */
export function pathProblems(tasks: readonly Task[], project: ProjectPaths): PlanProblem[] {
  const markOf = pathMarker(project, tasks);
  const problems: PlanProblem[] = [];
  for (const { id, files } of tasks)
    for (const path of new Set(files)) {
      const { problem, nearest = [] } = markOf(path);
      if (problem === undefined) continue;
      const meant = nearest.length === 0 ? '' : `; nearest: ${nearest.join(', ')}`;
      problems.push(warning(`Task ${id}: ${path} ${problem}${meant}`));
    }
  return [...problems, ...reachProblems(tasks, project.packages)];
}

/** Tasks that build on files of another package of the same kind, without a way to import them. */
function reachProblems(tasks: readonly Task[], packages: readonly PackageReach[]): PlanProblem[] {
  if (packages.length < 2) return [];
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const problems: PlanProblem[] = [];
  for (const task of tasks) {
    const own = packagesOf(task.files, packages);
    // Who changes a manifest may make the way.
    const open = own.filter((one) => !touchesManifest(task, one));
    for (const from of open)
      for (const needed of task.dependsOn) {
        const source = byId.get(needed);
        const others = packagesOf(source?.files ?? [], packages);
        const isReached = others.some((to) => to === from || reaches(from, to, packages));
        const kindred = others.filter(({ ecosystem }) => ecosystem === from.ecosystem);
        if (others.length === 0 || isReached || kindred.length !== others.length) continue;
        if (upstreamTouches(task, from, byId)) continue;
        const [to] = kindred;
        problems.push(
          warning(
            `Task ${task.id} in ${shown(from)} builds on ${needed} in ${shown(to ?? from)}, which ${shown(from)} does not ask for: no task adds it to the manifest there`,
          ),
        );
      }
  }
  return problems;
}

function upstreamTouches(task: Task, of: PackageReach, byId: ReadonlyMap<string, Task>): boolean {
  const upstream = new Set(task.dependsOn);
  for (const id of upstream) {
    const before = byId.get(id);
    if (before !== undefined && touchesManifest(before, of)) return true;
    for (const next of before?.dependsOn ?? []) upstream.add(next);
  }
  return false;
}

const manifest =
  /(?:^|\/)(?:package\.json|pyproject\.toml|setup\.(?:py|cfg)|requirements[\w.-]*\.txt|go\.(?:mod|work)|Cargo\.toml|pom\.xml|(?:build|settings)\.gradle(?:\.kts)?)$/;

function touchesManifest({ files }: Task, { folder }: PackageReach): boolean {
  return files.some(
    (path) => manifest.test(path) && path.slice(0, -nameOf(path).length - 1) === folder,
  );
}

/** The packages that files are in; those of the root alone say nothing of a package. */
function packagesOf(files: readonly string[], packages: readonly PackageReach[]): PackageReach[] {
  return holdersOf(files, packages).filter(({ folder }) => folder !== '');
}

function reaches(from: PackageReach, to: PackageReach, packages: readonly PackageReach[]): boolean {
  const byFolder = new Map(packages.map((one) => [one.folder, one]));
  const seen = new Set([from.folder]);
  for (const folder of seen)
    for (const next of byFolder.get(folder)?.dependsOn ?? []) seen.add(next);
  return seen.has(to.folder);
}

function shown({ folder }: PackageReach): string {
  return folder === '' ? 'the root' : `${folder}/`;
}

function doubtful(path: string, problem: string, nearest: readonly string[]): CheckedPath {
  return { path, mark: 'doubtful', problem, nearest };
}

function warning(message: string): PlanProblem {
  return { code: 'doubtful-path', severity: 'warning', message };
}

/** `a`, then `a/b`, for `a/b/c`. */
function foldersOf(path: string): string[] {
  const steps = path.split('/').slice(0, -1);
  return steps.map((_, depth) => steps.slice(0, depth + 1).join('/'));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
