import type { XmlElement } from '@rgrove/parse-xml';
import { folderFrom, folderOf } from '../../files/slash-paths.ts';
import { elementsOf, xmlReader } from '../../text/xml.ts';
import { jvmSourceRoots } from './jvm-sources.ts';
import {
  manifestsIn,
  otherFolders,
  type ProjectPackage,
  type Surveyed,
} from './project-package.ts';

interface Pom {
  readonly folder: string;
  readonly path: string;
  readonly group: string | null;
  readonly artifact: string | null;
  /** Folders of its modules. */
  readonly modules: readonly string[];
  /** What it depends on. */
  readonly asks: readonly { readonly group: string | null; readonly artifact: string | null }[];
  readonly fault: string | null;
}

/** The modules of Maven. */
export async function mavenPackagesIn(surveyed: Surveyed): Promise<ProjectPackage[]> {
  const paths = manifestsIn(surveyed.view, /^pom\.xml$/);
  if (paths.length === 0) return [];
  const read = await xmlReader();
  const poms: Pom[] = [];
  for (const path of paths) poms.push(pomOf(path, read((await surveyed.view.read(path)) ?? '')));
  return poms.map((pom) => {
    const { folder, path, artifact, fault } = pom;
    const needed = poms.filter((other) => pom.asks.some((asked) => isAsked(asked, other)));
    const { sourceRoots, hasTests } = jvmSourceRoots(folder, surveyed.folders);
    return {
      folder,
      name: artifact,
      ecosystem: 'maven',
      manifest: path,
      workspaceRoot: buildOf(pom, poms),
      dependsOn: otherFolders(
        folder,
        needed.map((other) => other.folder),
      ),
      scripts: {},
      runners: hasTests ? ['maven'] : [],
      sourceRoots,
      entryPoints: [],
      problem: fault === null ? null : `it is no valid XML (${fault})`,
    };
  });
}

function pomOf(path: string, root: XmlElement | { readonly fault: string }): Pom {
  const folder = folderOf(path);
  if ('fault' in root)
    return { folder, path, group: null, artifact: null, modules: [], asks: [], fault: root.fault };
  const parent = elementsOf(root, 'parent')[0];
  const group =
    textOf(root, 'groupId') ?? (parent === undefined ? null : textOf(parent, 'groupId'));
  const profiles = within(within([root], 'profiles'), 'profile');
  const places = [root, ...profiles];
  const named = within(within(places, 'modules'), 'module').map(({ text }) => text.trim());
  const asked = within(within(places, 'dependencies'), 'dependency');
  return {
    folder,
    path,
    group,
    artifact: textOf(root, 'artifactId'),
    // A module may be named by its own file.
    modules: named.map((name) => folderFrom(folder, name.replace(/\/?[^/]*\.xml$/, ''))),
    asks: asked.map((one) => ({
      group: textOf(one, 'groupId'),
      artifact: textOf(one, 'artifactId'),
    })),
    fault: null,
  };
}

function within(elements: readonly XmlElement[], name: string): XmlElement[] {
  return elements.flatMap((element) => elementsOf(element, name));
}

function textOf(element: XmlElement, name: string): string | null {
  const text = elementsOf(element, name)[0]?.text.trim() ?? '';
  return text === '' ? null : text;
}

function isAsked(asked: Pom['asks'][number], { group, artifact }: Pom): boolean {
  if (artifact === null || asked.artifact !== artifact) return false;
  // `${project.groupId}` is the asking one's own, which those of one build share as a rule.
  return asked.group === null || asked.group.startsWith('${') || asked.group === group;
}

/** The outermost build that a module belongs to. */
function buildOf(pom: Pom, poms: readonly Pom[]): string | null {
  let root = pom.modules.length > 0 ? pom.folder : null;
  const seen = new Set<string>();
  for (let at = pom.folder; !seen.has(at);) {
    seen.add(at);
    const above = poms.find(({ modules, folder }) => folder !== at && modules.includes(at));
    if (above === undefined) return root;
    at = above.folder;
    root = at;
  }
  return root;
}
