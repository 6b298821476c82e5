import type { SandboxMount } from '../../sandbox/sandbox.ts';
import type { HostPackages, ProjectView } from './runner.ts';

export interface InstalledPackages {
  readonly mounts: readonly SandboxMount[];
  /** Links in the copy, by path: what each leads to, relative to its own folder. */
  readonly links: ReadonlyMap<string, string>;
}

/** Caches of tools, which they want to write. */
const caches = /^\.(?:cache|vite|vite-temp|tmp|vitest)$/;

/**
 * The host's installed packages for each package.json of the project, read-only. What stands in the copy
 * are folders of links to them, as vite and others write their caches beside the packages.
 * @param tools a folder of the copy for the packages themselves.
 */
export async function nodeModules(
  project: ProjectView,
  host: HostPackages,
  tools: string,
): Promise<InstalledPackages> {
  const folders = [...project.files]
    .filter((path) => path.endsWith('/package.json'))
    .map((path) => `${path.slice(0, -'package.json'.length)}node_modules`);
  const mounts: SandboxMount[] = [];
  const links = new Map<string, string>();
  // Packages are found upwards too: at the root without a package.json as well.
  for (const [index, to] of [...new Set(['node_modules', ...folders])].entries()) {
    const from = await host.folder(to);
    if (from === null) continue;
    const place = `${tools}/${index}/node_modules`;
    mounts.push({ from, to: place });
    const up = '../'.repeat(to.split('/').length);
    for (const name of await host.entries(to))
      if (!caches.test(name)) links.set(`${to}/${name}`, `${up}${place}/${name}`);
  }
  return { mounts, links };
}
