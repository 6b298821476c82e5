import slugify from '@sindresorhus/slugify';
import { BlueprintError } from '../domain/errors.ts';
import { featureName } from '../domain/feature-name.ts';
import { titleOf } from '../domain/spec.ts';
import { cleanedLine } from '../domain/text.ts';

const fallback = 'feature';
const maxLength = 64;
const maxWords = 8;

/** A valid feature name from a brief or title: its first heading, else its first words; else `feature`. */
export function deriveFeatureName(text: string): string {
  // The heading stands at the start; a brief may be long.
  const start = text.slice(0, 20_000);
  const heading = (titleOf(start) ?? '').replace(
    /^(?:project )?(?:brief|spec|prd)\s*[:–—-]\s*/i,
    '',
  );
  const words = cleanedLine(start).split(' ').slice(0, maxWords).join(' ');
  return slugOf(heading) ?? slugOf(words) ?? fallback;
}

/** @returns the name. @throws BlueprintError `feature-name`, with the allowed form and a name to use instead */
export function checkFeatureName(name: string): string {
  const parsed = featureName.safeParse(name);
  if (parsed.success) return parsed.data;
  const reason = parsed.error.issues[0]?.message ?? 'is not allowed';
  throw new BlueprintError({
    code: 'feature-name',
    message: `The feature name «${cleanedLine(name, 80)}» ${reason}`,
    target: '--name',
    fix: `A name is 1 to ${maxLength} of a-z, 0-9 and -, with a letter or digit at both ends, as «${slugOf(name) ?? fallback}».`,
  });
}

/** Null when the text has nothing that a name can hold. */
function slugOf(text: string): string | null {
  const whole = slugify(text.slice(0, 300), { decamelize: false });
  const slug = shortened(whole.replace(/[^a-z0-9-]+/g, '-')).replace(/^-+|-+$/g, '');
  if (slug === '') return null;
  // Windows keeps some names for its devices.
  const name = featureName.safeParse(slug).success ? slug : `${slug}-${fallback}`;
  return featureName.safeParse(name).success ? name : null;
}

/** At most 64 characters, cut between words where it can be. */
function shortened(slug: string): string {
  if (slug.length <= maxLength) return slug;
  const cut = slug.slice(0, maxLength + 1);
  const end = cut.lastIndexOf('-');
  return end > maxLength / 2 ? cut.slice(0, end) : cut.slice(0, maxLength);
}
