import { realpath } from 'node:fs/promises';
import { BlueprintError } from '../domain/errors.ts';
import { featureName } from '../domain/feature-name.ts';
import { isMissing, printable } from '../files/file-problem.ts';
import { locate } from '../files/contained-path.ts';

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
 * @param parts what is appended to the folder's own path, as `/workspace`
 * @throws BlueprintError `path-unsafe`
 */
export async function checkFeatureLinks(
  featuresDir: string,
  slug: string,
  parts: readonly string[],
): Promise<void> {
  const real = await realFeatures(featuresDir);
  if (real === null) return;
  for (const part of parts) await locate(real, `${slug}${part}`, 'refused');
}

async function realFeatures(featuresDir: string): Promise<string | null> {
  try {
    return await realpath(featuresDir);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
