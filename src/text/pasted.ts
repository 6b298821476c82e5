/** What copying from pages and terminals leaves in a text, though nobody sees it. */
const invisible = /[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]/g;
const around = /^[\s"'`“”‘’«»]+|(?:[\s"'`“”‘’«»,;]|\\r|\\n)+$/g;

/** The text without what surrounds it in env files and code: blanks, line ends, quotes, a last comma. */
export function unquoted(text: string): string {
  return text.replace(invisible, '').replace(around, '');
}

/** A key as a person pasted it, also with its header or its variable before it. */
export function pastedKey(text: string): string {
  const key = unquoted(text)
    .replace(/^(?:export\s+)?[A-Z][A-Z0-9_]*_(?:KEY|TOKEN)\s*=/, '')
    .replace(/^(?:authorization|x-api-key|x-goog-api-key)\s*:/i, '');
  return unquoted(unquoted(key).replace(/^bearer\s+/i, ''));
}

/** Where the requests go that a base URL is the beginning of. */
const endpoint = /\/+(?:chat\/completions|completions|responses|messages|embeddings)\/*$/i;

/**
 * An http or https address as a person pasted it: with quotes, without a scheme, with the path of a request
 * at its end. Its query stays.
 * @returns null for what is no such address
 */
export function pastedUrl(text: string): string | null {
  const plain = unquoted(text).replace(/^\/\//, '');
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(plain);
  const [host = ''] = plain.split(/[/?#]/);
  if (!hasScheme && !/\.|:\d+$|^localhost$/i.test(host)) return null;
  const address = hasScheme ? plain : `${schemeOf(host)}://${plain}`;
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (!/^https?:$/.test(url.protocol)) return null;
  url.hash = '';
  url.pathname = url.pathname.replace(endpoint, '').replace(/\/+$/, '');
  return url.search === '' ? url.href.replace(/\/+$/, '') : url.href;
}

/** Machines beside this one, and ports of one's own, seldom have a certificate. */
function schemeOf(host: string): 'http' | 'https' {
  const port = /:(\d+)$/.exec(host)?.[1];
  if (port !== undefined) return port === '443' ? 'https' : 'http';
  const near =
    /^(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[)|\.(?:local|internal|lan)$/i;
  return near.test(host) ? 'http' : 'https';
}
