/** The package that a failure says is not there, by its name; null when it says something else. */
export function missingPackage(text: string): string | null {
  for (const pattern of patterns) {
    const name = pattern.exec(text)?.[1];
    if (name === undefined || name.startsWith('.') || name.startsWith('/')) continue;
    return packageName(name);
  }
  return null;
}

const patterns: readonly RegExp[] = [
  /Cannot find (?:package|module) '([^']+)'/,
  /Failed to resolve import "([^"]+)"/,
  /Could not resolve "([^"]+)"/,
  /ModuleNotFoundError: No module named '([^']+)'/,
];

/** `lodash/fp` is of lodash, `@a/b/c` of `@a/b`, `yaml.nodes` of yaml. */
function packageName(name: string): string {
  const parts = name.split('/');
  if (name.startsWith('@')) return parts.slice(0, 2).join('/');
  return parts.length > 1 ? (parts[0] ?? name) : (name.split('.')[0] ?? name);
}

/** Whether a project asks for a package, by the texts of its manifests. */
export function asksFor(manifests: readonly string[]): (name: string) => boolean {
  return (name) => {
    // Python's packages are spelled with dashes in lists and underscores in code.
    const words = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/[-_]/g, '[-_]');
    const asked = new RegExp(`(?:^|["'\\s,\\[])${words}(?=["'\\s\\]=<>~!,;\\[]|$)`, 'im');
    return manifests.some((text) => asked.test(text));
  };
}
