import { singleByteNamed, type SingleByte } from './single-byte.ts';

/** A declaration stands at the beginning: in the first two lines, or where browsers look for it. */
const headLength = 1024;

const labels = {
  xml: /^<\?xml\s[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']/,
  css: /^@charset "([\w.:-]+)";/,
  html: /<meta\s[^>]*?\bcharset\s*=\s*["']?([\w.:-]+)/i,
  /** PEP 263, and Ruby's magic comments. */
  comment: /^[ \t\f]*#.*?coding[:=][ \t]*([\w.-]+)/,
  /** Of Emacs, in a comment of any language. */
  emacs: /-\*-.*?\bcoding:\s*([\w.-]+?)(?:-unix|-dos|-mac)?\s*(?:;.*?)?-\*-/,
} as const;

/**
 * The encoding with one byte a character that a file declares: `# -*- coding: latin-1 -*-`, `encoding=` of XML,
 * `@charset` of CSS, `<meta charset=`. Null where it declares none, or one that is not known.
 * @param text the file's, or the first of its bytes as Latin-1
 */
export function declaredEncoding(path: string, text: string): SingleByte | null {
  const head = text.slice(0, headLength);
  const xml = labels.xml.exec(head)?.[1];
  if (xml !== undefined) return singleByteNamed(xml);
  const web = /\.(?:css|scss|less)$/i.test(path)
    ? labels.css.exec(head)?.[1]
    : /\.x?html?$/i.test(path)
      ? labels.html.exec(head)?.[1]
      : undefined;
  // To browsers Latin-1 is another word for Windows-1252 (Encoding Standard, 4.2).
  if (web !== undefined) return singleByteNamed(isLatin1(web) ? 'windows-1252' : web);
  const [first = '', second = ''] = head.split(/\r\n?|\n/, 2);
  // Prose may speak of a declaration.
  if (/\.(?:md|markdown|rst|txt|adoc)$/i.test(path)) return null;
  const isOfComments =
    /\.(?:pyw?|pyi|pyx|rb|rake|gemspec)$/i.test(path) || /^#!.*\b(?:python|ruby)/.test(first);
  // A line of code ends the search.
  for (const line of /^[ \t\f]*(?:#.*)?$/.test(first) ? [first, second] : [first]) {
    const named = (isOfComments ? labels.comment.exec(line) : null) ?? labels.emacs.exec(line);
    if (named?.[1] !== undefined) return singleByteNamed(named[1]);
  }
  return null;
}

function isLatin1(label: string): boolean {
  return singleByteNamed(label) === 'latin-1';
}
