import * as z from 'zod';
import type { ProjectView } from './runner.ts';

const manifestSchema = z.object({
  scripts: z.record(z.string(), z.unknown()).catch({}).default({}),
  dependencies: z.record(z.string(), z.unknown()).catch({}).default({}),
  devDependencies: z.record(z.string(), z.unknown()).catch({}).default({}),
  jest: z.unknown().optional(),
  vitest: z.unknown().optional(),
});
type Manifest = z.infer<typeof manifestSchema>;

/** The root's package.json; empty when it is absent or broken. */
export async function readManifest(project: ProjectView): Promise<Manifest> {
  try {
    return manifestSchema.parse(JSON.parse((await project.read('package.json')) ?? '{}'));
  } catch {
    return manifestSchema.parse({});
  }
}

/** The `test` script, or null when there is none that does something. */
export async function testScript(project: ProjectView): Promise<string | null> {
  const { scripts } = await readManifest(project);
  const script = scripts['test'];
  if (typeof script !== 'string' || script.trim() === '') return null;
  // What `npm init` writes.
  return script.includes('no test specified') ? null : script;
}

/** Names of all packages that a manifest asks for. */
export function dependenciesOf(manifest: Manifest): Set<string> {
  return new Set([...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)]);
}
