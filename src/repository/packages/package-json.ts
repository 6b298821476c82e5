import * as z from 'zod';
import type { ProjectView } from '../../files/project-view.ts';

const names = z.record(z.string(), z.unknown()).catch({}).default({});
const manifestSchema = z.object({
  name: z.string().optional().catch(undefined),
  version: z.string().optional().catch(undefined),
  packageManager: z.string().optional().catch(undefined),
  scripts: names,
  dependencies: names,
  devDependencies: names,
  peerDependencies: names,
  optionalDependencies: names,
  jest: z.unknown().optional(),
  vitest: z.unknown().optional(),
  workspaces: z
    .union([
      z.array(z.string()),
      z.object({ packages: z.array(z.string()) }).transform(({ packages }) => packages),
    ])
    .optional()
    .catch(undefined),
  main: z.string().optional().catch(undefined),
  module: z.string().optional().catch(undefined),
  bin: z
    .union([z.string(), z.record(z.string(), z.string())])
    .optional()
    .catch(undefined),
  exports: z.unknown().optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** The package.json of a folder, the root's by default; empty when it is absent or broken. */
export async function readManifest(project: ProjectView, folder = ''): Promise<Manifest> {
  const path = folder === '' ? 'package.json' : `${folder}/package.json`;
  return parseManifest((await project.read(path)) ?? '{}') ?? manifestSchema.parse({});
}

/** What of a package.json is as it should be; null where the whole is none. */
export function parseManifest(text: string): Manifest | null {
  try {
    // npm too reads past a byte order mark.
    return manifestSchema.parse(JSON.parse(text.replace(/^\ufeff/, '')));
  } catch {
    return null;
  }
}

/** The `test` script, or null when there is none that does something. */
export async function testScript(project: ProjectView, folder = ''): Promise<string | null> {
  const { scripts } = await readManifest(project, folder);
  const script = scripts['test'];
  if (typeof script !== 'string' || script.trim() === '') return null;
  // What `npm init` writes.
  return script.includes('no test specified') ? null : script;
}

/** The scripts that npm runs for `npm test`, in order. */
export async function testScripts(project: ProjectView, folder: string): Promise<string[]> {
  const { scripts } = await readManifest(project, folder);
  return ['pretest', 'test', 'posttest'].flatMap((name) => {
    const script = scripts[name];
    return typeof script === 'string' && script.trim() !== '' ? [script] : [];
  });
}

/** Names of all packages that a manifest asks for. */
export function dependenciesOf(manifest: Manifest): Set<string> {
  const { dependencies, devDependencies, peerDependencies, optionalDependencies } = manifest;
  const all = [dependencies, devDependencies, peerDependencies, optionalDependencies];
  return new Set(all.flatMap((each) => Object.keys(each)));
}
