import { createImportResolver } from '../../../src/repository/imports/resolver.ts';
import type { ImportPackage } from '../../../src/repository/imports/import-resolver.ts';
import type { Grammar } from '../../../src/syntax/languages.ts';

export type Asked = (from: string, specifier: string, ...names: string[]) => readonly string[];

/** Clauses of one language in a project of these files; a list of paths where their texts do not matter. */
export async function resolving(
  grammar: Grammar,
  project: Readonly<Record<string, string>> | readonly string[],
  packages: readonly Partial<ImportPackage>[] = [],
): Promise<Asked> {
  const texts = new Map(
    Array.isArray(project) ? project.map((path: string) => [path, '']) : Object.entries(project),
  );
  const view = {
    files: new Set(texts.keys()),
    read: async (path: string) => texts.get(path) ?? null,
  };
  const resolve = await createImportResolver(
    view,
    packages.map(({ folder = '', name = null, ecosystem = 'npm', sourceRoots = [folder] }) => ({
      folder,
      name,
      ecosystem,
      sourceRoots,
    })),
  );
  return (from, specifier, ...names) => resolve(from, { specifier, names }, grammar);
}
