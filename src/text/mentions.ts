/** A file as a text names it. */
export interface PathMention {
  /** With forward slashes. */
  readonly path: string;
  /** First and last line that it means, from 1; empty where it means the file. */
  readonly lines: readonly number[];
}

/** Something that code declares, as a text names it. */
export interface NameMention {
  readonly name: string;
  /** The class or module that the text says it is in. */
  readonly owner: string | null;
}

export interface Mentions {
  readonly paths: readonly PathMention[];
  readonly names: readonly NameMention[];
}

/** More of them is a text about everything. */
const mostMentions = 200;
/** Longer runs of characters are no path that somebody wrote. */
const longestPath = 400;

/**
 * What a text names in the forms in which people name files and code, each once, in its order: paths and names
 * of files, what stands in backticks, and words that are written as no word of a language is (`readFile`,
 * `read_file`, `read()`). Plain words name nothing, whatever a project calls so.
 */
export function mentionsOf(text: string): Mentions {
  const plain = prepared(text);
  const quoted = [...plain.matchAll(/(?<!`)`([^`\n]{1,200})`(?!`)/g)].map(([, span = '']) =>
    span.trim(),
  );
  const paths = [...quoted.flatMap(quotedPath), ...plainPaths(plain)];
  const names = [...quoted.flatMap(quotedNames), ...plainNames(plain)];
  return { paths: distinct(paths), names: distinct(names) };
}

export function namesNothing({ paths, names }: Mentions): boolean {
  return paths.length + names.length === 0;
}

/** Without addresses, which look like paths, and with places in one form. */
function prepared(text: string): string {
  return text
    .replace(/\bfile:\/\//gi, ' ')
    .replace(/\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s<>"'`)\]]+/gi, ' ')
    .replaceAll('](', '] (')
    .replace(/\((\d+),\s?\d+\)/g, ':$1')
    .replace(/", line (\d+)/g, ':$1');
}

const step = String.raw`[\p{L}\p{M}\p{N}_@.$[\]()+~-]+`;
const place = String.raw`(?::(\d+)(?:-(\d+))?|#L(\d+)(?:-L?(\d+))?)?`;
const plainPath = new RegExp(`(${step}(?:[/\\\\]+${step})*)${place}`, 'gu');
/** Of a text whose letters stand around a path without a blank. */
const asciiPath = new RegExp(`([\\w@.$+~-]+(?:[/\\\\]+[\\w@.$+~-]+)*)${place}`, 'g');
const quotedPlace = new RegExp(`^(.*?)${place}$`, 'u');

function plainPaths(text: string): PathMention[] {
  const hasOtherLetters = /[^\0-\x7f]/.test(text);
  const found = [plainPath, ...(hasOtherLetters ? [asciiPath] : [])].flatMap((form) => [
    ...text.matchAll(form),
  ]);
  return found.flatMap((match) => {
    const mention = pathMention(match);
    return mention !== null && isFileName(mention.path) ? [mention] : [];
  });
}

function quotedPath(span: string): PathMention[] {
  const match = quotedPlace.exec(span);
  const mention = match === null ? null : pathMention(match);
  return mention === null ? [] : [mention];
}

function pathMention([, raw = '', ...places]: RegExpMatchArray): PathMention | null {
  if (raw.length > longestPath) return null;
  const path = raw
    .replace(/[/\\]+/g, '/')
    .replace(/[.)\]]+$/, '')
    .replace(/^[([]+(?=[^)\]]*$)/, '')
    .replace(/^(?:\.?\/)+/, '');
  const lines = places.filter((line) => line !== undefined).map(Number);
  return path === '' ? null : { path, lines };
}

const endless = /^(?:Make|Docker|Gem|Rake|Jenkins|Proc)file$/;

/** Whether it is written as files are called: with an ending. `e.g`, `3.5` and `and/or` are not. */
function isFileName(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (endless.test(name)) return true;
  const dot = name.lastIndexOf('.');
  if (dot === -1 || !/^\p{L}[\p{L}\p{N}_-]{0,15}$/u.test(name.slice(dot + 1))) return false;
  return path.includes('/') || name.length > 3;
}

/** Letters that have a case: others stand around names without a blank. */
const name = String.raw`[\p{Lu}\p{Ll}_$][\p{Lu}\p{Ll}\p{N}_$]*`;
const plainName = new RegExp(`(?:(${name})(?:\\.|::|#|->))?(${name})(\\(\\))?`, 'gu');
const quotedName = new RegExp(`^(?:${name}(?:\\.|::|#|->))*${name}(?=$|[(<])`, 'u');

function quotedNames(span: string): NameMention[] {
  const [chain] = quotedName.exec(span) ?? [];
  const [own = '', owner = null] = chain?.split(/\.|::|#|->/).reverse() ?? [];
  return own === '' ? [] : [{ name: own, owner }];
}

function plainNames(text: string): NameMention[] {
  const withoutPaths = text.replace(plainPath, (whole) => (/[/\\]/.test(whole) ? ' ' : whole));
  return [...withoutPaths.matchAll(plainName)].flatMap(([, owner, own = '', call]) => [
    ...(owner === undefined ? [] : writtenAsName(owner)),
    ...(call === undefined ? writtenAsName(own) : [{ name: own, owner: owner ?? null }]),
  ]);
}

/** A word that is emphasised by underscores stands without them, too. */
function writtenAsName(word: string): NameMention[] {
  const bare = word.replace(/^_+|_+$/g, '');
  const isName =
    /[\p{Ll}\p{N}]\p{Lu}|\p{Lu}{2}\p{Ll}{2}|[\p{L}\p{N}]_+[\p{L}\p{N}]/u.test(bare) &&
    !products.has(bare);
  return isName ? [...new Set([word, bare])].map((one) => ({ name: one, owner: null })) : [];
}

/** Written as names of code are, and in everybody's mouth; in backticks they count all the same. */
const products: ReadonlySet<string> = new Set(
  'AngularJS ChatGPT CoffeeScript DevOps FreeBSD GitHub GitLab GraphQL IntelliJ JavaScript LaTeX LinkedIn MacBook MariaDB MongoDB MySQL NoSQL OAuth OpenAI OpenAPI PayPal PostgreSQL PowerShell PyTorch SQLite StackOverflow TensorFlow TypeScript WebAssembly WebSocket WordPress YouTube iOS iPad iPhone macOS'.split(
    ' ',
  ),
);

function distinct<T>(mentions: readonly T[]): T[] {
  const found = new Map(mentions.map((mention) => [JSON.stringify(mention), mention]));
  return [...found.values()].slice(0, mostMentions);
}
