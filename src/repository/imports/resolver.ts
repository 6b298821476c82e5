import type { ProjectView } from '../../files/project-view.ts';
import type { Grammar } from '../../syntax/languages.ts';
import { cResolver } from './c.ts';
import { dartResolver } from './dart.ts';
import { ecmascriptResolver } from './ecmascript.ts';
import { fileIndex } from './file-index.ts';
import { goResolver } from './go.ts';
import type { ImportPackage, ResolveClause, ResolveImport } from './import-resolver.ts';
import { cSharpResolver, javaResolver } from './namespaces.ts';
import { phpResolver } from './php.ts';
import { pythonResolver } from './python.ts';
import { cssResolver, rubyResolver, solidityResolver, swiftResolver } from './relative.ts';
import { rustResolver } from './rust.ts';

/**
 * What import clauses of a project lead to. Manifests and settings are read once, here; a clause costs no more
 * than some look-ups.
 */
export async function createImportResolver(
  view: ProjectView,
  packages: readonly ImportPackage[],
): Promise<ResolveImport> {
  const index = fileIndex(view.files);
  const [ecmascript, go, dart] = await Promise.all([
    ecmascriptResolver(view, index, packages),
    goResolver(view, index),
    dartResolver(view, index),
  ]);
  const c = cResolver(index);
  const resolvers: Readonly<Record<Grammar, ResolveClause>> = {
    c,
    cpp: c,
    c_sharp: cSharpResolver(index),
    css: cssResolver(index),
    dart,
    go,
    java: javaResolver(index),
    javascript: ecmascript,
    php: phpResolver(index),
    python: pythonResolver(index, packages),
    ruby: rubyResolver(index),
    rust: rustResolver(index, packages),
    solidity: solidityResolver(index),
    swift: swiftResolver(index),
    tsx: ecmascript,
    typescript: ecmascript,
    vue: ecmascript,
  };
  return (from, clause, grammar) =>
    resolvers[grammar](from, clause).filter((path) => path !== from);
}
