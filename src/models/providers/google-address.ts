const vendorUrl = 'https://generativelanguage.googleapis.com';

/** What people paste behind the host: a version, and the path of a request or of the other dialect. */
const pasted = /(?:\/(v1(?:alpha|beta)?))?(?:\/+(?:models(?:\/[^/]*)?|openai))?\/*$/;

/**
 * Where Google's API is and in which version: an address may name it, end in slashes or in a request's path.
 * `v1` lacks schemas and thinking, and is asked as `v1beta`.
 */
export function googleAddress(address: string | undefined): {
  readonly baseUrl: string;
  readonly version: 'v1alpha' | 'v1beta';
} {
  const given = (address ?? vendorUrl).replace(/\/+$/, '');
  const [end = '', version] = pasted.exec(given) ?? [];
  return {
    baseUrl: given.slice(0, given.length - end.length),
    version: version === 'v1alpha' ? version : 'v1beta',
  };
}
