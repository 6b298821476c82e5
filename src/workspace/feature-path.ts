import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { BlueprintError } from '../domain/errors.ts';
import { featureName } from '../domain/feature-name.ts';
import { printable, unlessMissing } from '../files/file-problem.ts';
import { looked } from '../files/is-there.ts';
import { locate, unsafe } from '../files/contained-path.ts';

export interface FeaturePlace {
  readonly slug: string;
  /** Absolute. */
  readonly featuresDir: string;
  /** Runs the work while no other process does so for this feature. Not re-entered. */
  readonly lock: <T>(work: () => Promise<T>) => Promise<T>;
}

/** The slug, if it is one. @throws BlueprintError `feature-name-invalid` */
export function checkedName(slug: string): string {
  const name = featureName.safeParse(slug);
  if (!name.success)
    throw new BlueprintError({
      code: 'feature-name-invalid',
      message: `Feature name «${printable(slug)}» ${name.error.issues[0]?.message ?? 'is not allowed'}`,
      target: printable(slug),
    });
  return slug;
}

/**
 * Refuses files of a feature's folder that are links.
 * @param parts names in the folder, which is judged too
 * @throws BlueprintError `path-unsafe`
 */
export async function checkFeatureLinks(
  featuresDir: string,
  slug: string,
  parts: readonly string[],
): Promise<void> {
  const real = unlessMissing(() => realpathSync.native(featuresDir));
  if (real === null) return;
  if ((await locate(real, slug, 'refused')) === null) return;
  for (const part of parts) {
    const found = looked(join(real, slug, part));
    if (found?.isSymbolicLink() === true)
      throw unsafe(`${slug}/${part}`, 'passes through a symbolic link');
  }
}
