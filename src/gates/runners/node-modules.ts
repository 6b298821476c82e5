import type { SandboxMount } from '../../sandbox/sandbox.ts';
import { mirrorLinks } from './mirror-links.ts';
import type { HostPackages, InstalledEntry, Lead } from './runner.ts';
import type { ProjectView } from '../../files/project-view.ts';

export interface InstalledPackages {
  readonly mounts: readonly SandboxMount[];
  /** Links in the copy, by path: what each leads to, relative to its own folder. */
  readonly links: ReadonlyMap<string, string>;
}

/** Caches of tools, which they want to write. */
const caches = /^\.(?:cache|vite|vite-temp|tmp|vitest)$/;

/** Folders whose entries become links one by one: those of programs, and of packages with a scope. */
const opened = /^(?:\.bin|@.+)$/;

/**
 * The host's installed packages for each package.json of the project, read-only. What stands in the copy
 * are folders of links to them, as vite and others write their caches beside the packages. Packages of the
 * project itself are the copy's own.
 * @param tools a folder of the copy for the packages themselves.
 */
export async function nodeModules(
  project: ProjectView,
  host: HostPackages,
  tools: string,
): Promise<InstalledPackages> {
  // Below a folder of that name, so that no runner looks for tests there.
  const place = `node_modules/${tools}/modules`;
  const folders = await installedFolders(project, host);
  const entries = (await Promise.all([...folders.keys()].map((path) => open(host, path)))).flat();
  const outside = outsidePlaces(entries, tools);
  const targetOf = ({ path, lead }: OpenEntry): string | null => {
    if (lead === null) return `${place}/${path}`;
    if (lead.kind === 'nowhere') return null;
    if (lead.kind === 'own') return isInstalled(lead.path) ? `${place}/${lead.path}` : lead.path;
    const folder = outside.get(lead.folder) ?? '';
    return lead.within === '' ? folder : `${folder}/${lead.within}`;
  };
  const links = new Map<string, string>();
  for (const entry of entries) {
    const target = targetOf(entry);
    if (target !== null) links.set(entry.path, relativeLink(entry.path, target));
  }
  if (entries.some(mayLeadOut))
    for (const path of mirrorLinks(project.files, [...folders.keys()]))
      links.set(`${place}/${path}`, relativeLink(`${place}/${path}`, path));
  const mounts = [
    ...[...folders].map(([path, from]) => ({ from, to: `${place}/${path}` })),
    ...[...outside].map(([from, to]) => ({ from, to })),
    ...(await generated(entries, project, host)),
  ];
  return { mounts, links };
}

/** Folders `node_modules` of the project, each with what it is on the host. */
async function installedFolders(
  project: ProjectView,
  host: HostPackages,
): Promise<Map<string, string>> {
  const beside = [...project.files]
    .filter((path) => path.endsWith('/package.json'))
    .map((path) => `${path.slice(0, -'package.json'.length)}node_modules`);
  const folders = new Map<string, string>();
  // Packages are found upwards too: at the root without a package.json as well.
  for (const path of new Set(['node_modules', ...beside])) {
    const from = await host.folder(path);
    if (from !== null) folders.set(path, from);
  }
  return folders;
}

/** An entry by its path in the project. */
interface OpenEntry extends InstalledEntry {
  readonly path: string;
}

async function open(host: HostPackages, folder: string): Promise<OpenEntry[]> {
  const entries = await host.entries(folder);
  const found = entries.map(async (entry) => {
    const path = `${folder}/${entry.name}`;
    if (caches.test(entry.name)) return [];
    return entry.isFolder && opened.test(entry.name) ? open(host, path) : [{ ...entry, path }];
  });
  return (await Promise.all(found)).flat();
}

/** Packages elsewhere that are linked, each with its place in the copy. */
function outsidePlaces(entries: readonly OpenEntry[], tools: string): Map<string, string> {
  const folders = entries.flatMap(({ lead }) => (lead?.kind === 'outside' ? [lead.folder] : []));
  return new Map(
    [...new Set(folders)].map((folder, index) => [folder, `node_modules/${tools}/linked/${index}`]),
  );
}

/** Whether links within node_modules may lead out of it: those of a store, and to packages of the project. */
function mayLeadOut({ name, isFolder, lead }: OpenEntry): boolean {
  return lead === null ? isFolder && name.startsWith('.') : isOfProject(lead);
}

function isOfProject(lead: Lead): lead is Lead & { kind: 'own' } {
  return lead.kind === 'own' && !isInstalled(lead.path);
}

function isInstalled(path: string): boolean {
  return path.split('/').includes('node_modules');
}

/** Packages of the project that are generated, and so in no copy of it: at their own places. */
async function generated(
  entries: readonly OpenEntry[],
  { files }: ProjectView,
  host: HostPackages,
): Promise<SandboxMount[]> {
  const mounts = new Map<string, SandboxMount>();
  for (const { lead } of entries) {
    if (lead === null || !isOfProject(lead)) continue;
    const { path } = lead;
    const known =
      path === '' || files.has(path) || [...files].some((file) => file.startsWith(`${path}/`));
    if (known || path.split('/').some((name) => name.startsWith('.'))) continue;
    const isPackage = (await host.entries(path)).some(({ name }) => name === 'package.json');
    const from = isPackage ? await host.folder(path) : null;
    if (from !== null) mounts.set(path, { from, to: path });
  }
  return [...mounts.values()];
}

function relativeLink(path: string, target: string): string {
  return '../'.repeat(path.split('/').length - 1) + target;
}
