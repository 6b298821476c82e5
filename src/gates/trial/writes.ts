import { contentStates, entriesBelow } from '../content-id.ts';
import type { CopyContext } from '../run-in-copy.ts';
import { watchCopy } from '../setup/copy-changes.ts';

/** What compilers, package managers and runners leave where they run. */
const left =
  /(?:^|\/)(?:\.git|node_modules|__pycache__|target|build|bin|obj|dist|out|coverage|\.nyc_output|\.gradle|\.hypothesis|TestResults|\.[\w-]*cache|\.vite[\w-]*)\/|(?:^|\/)(?:Cargo\.lock|go\.(?:mod|sum|work\.sum)|\.coverage[\w.-]*|junit\.xml|[\w.-]+\.(?:pyc|tsbuildinfo|log)|[\w.-]*cache)$/;

/** Looks at a copy before a run. @returns the paths that it then made, changed or removed, besides what runs leave. */
export async function watchWrites({
  folder,
  tools,
  project,
}: Pick<CopyContext, 'folder' | 'tools' | 'project'>): Promise<() => Promise<string[]>> {
  const pristine = await contentStates(folder, (await entriesBelow(folder)).files);
  const changes = await watchCopy(folder, pristine, tools);
  return async () => {
    const { files, links, removed } = await changes();
    const paths = [...files, ...links, ...removed].map(({ path }) => path);
    const { default: ignore } = await import('ignore');
    const ignored = ignore().add((await project.read('.gitignore')) ?? '');
    return paths.filter((path) => !left.test(path) && !ignored.ignores(path)).sort();
  };
}
