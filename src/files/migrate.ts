/** What a file of one version says, as the next version says it. */
export type Migration = (old: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** The versions that a kind of file has had. */
export interface Versions {
  /** The key that holds the number of the version, from 1 on. */
  readonly key: string;
  /** From version 1 to 2, from 2 to 3 and so on: what is written now is one above their number. */
  readonly migrations: readonly Migration[];
}

export function currentVersion({ migrations }: Versions): number {
  return migrations.length + 1;
}

/**
 * A file's value as the current version has it; the very same when there is nothing to do, also where it
 * names no version at all, which is for its schema to judge. `newer`: written by a later program.
 */
export function migrated(
  value: unknown,
  versions: Versions,
): { readonly value: unknown } | { readonly newer: number } {
  const { key, migrations } = versions;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { value };
  let current = value as Record<string, unknown>;
  const version = current[key];
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) return { value };
  if (version > currentVersion(versions)) return { newer: version };
  for (let next = version; next < currentVersion(versions); next++) {
    const migration = migrations[next - 1];
    if (migration !== undefined) current = { ...migration(current), [key]: next + 1 };
  }
  return { value: current };
}
