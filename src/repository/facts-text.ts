import { cleanedText, estimateTokens, toSingleLine } from '../domain/text.ts';
import { counted } from '../text/counted.ts';
import { fenced } from '../text/fence.ts';
import { hideShapes } from '../text/secret-shapes.ts';
import type { ProjectFacts } from './facts.ts';
import type { ProjectPackage } from './packages/project-package.ts';

/** A head, and what it is head of, the most telling first; of a long list so many are shown. */
interface Group {
  readonly head: string;
  readonly items: readonly string[];
  readonly most: number;
}

/**
 * The facts as Markdown for a prompt, the same for the same facts: fenced, as files of the project wrote them,
 * without what has the form of a key. Empty for a project without files.
 * @param maxTokens as estimated, of the whole
 */
export function factsText(facts: ProjectFacts, maxTokens: number): string {
  if (facts.files === 0) return '';
  const readme = facts.readme === null ? '' : withoutDecoration(facts.readme.text);
  const head = '# The project as it stands\n\n';
  const room = maxTokens - estimateTokens(head + fenced(''));
  // A README may be long: it has a third, and what the facts leave, up to a half.
  const lines = fittingLines(groupsOf(facts), readme === '' ? room : Math.ceil((room * 2) / 3));
  if (lines.length === 0) return '';
  const body = `${head}${fenced(hideShapes(lines.join('\n')))}`;
  const readmeHead = '\n\n## The beginning of its README\n\n';
  const left = maxTokens - estimateTokens(body) - estimateTokens(readmeHead + fenced(''));
  const beginning = cutAtParagraph(hideShapes(readme), Math.min(left, maxTokens / 2));
  return beginning === '' ? body : `${body}${readmeHead}${fenced(beginning)}`;
}

function groupsOf(facts: ProjectFacts): Group[] {
  const { languages, packages, scripts, folders } = facts;
  const broken = packages.filter(({ problem }) => problem !== null);
  return [
    list('Languages', languages.map(languageLine), 8),
    list('Installed with', facts.managers, 5),
    list('Tests run with', facts.runners, 8),
    list('Built on', facts.frameworks, 15),
    {
      head: 'Packages:',
      items: packages.length > 1 || packages[0]?.folder !== '' ? packages.map(packageLine) : [],
      most: 40,
    },
    { head: 'Scripts:', items: scripts.map(scriptLine), most: 20 },
    list('Entry points', packages.flatMap(entryLines), 12),
    list(
      'Folders',
      folders.map(({ name, files }) => `${line(name, 60)}/ (${files})`),
      25,
    ),
    list(
      'CI',
      facts.ci.map((path) => line(path, 100)),
      6,
    ),
    {
      head: 'Manifests that cannot be read:',
      items: broken.map(({ manifest, problem }) => `- ${line(manifest, 100)}: ${problem ?? ''}`),
      most: 5,
    },
  ];
}

/** A group on one line. */
function list(head: string, items: readonly string[], most: number): Group {
  if (items.length === 0) return { head, items: [], most };
  const more = items.length > most ? `, and ${items.length - most} more` : '';
  return { head: `${head}: ${items.slice(0, most).join(', ')}${more}`, items: [], most: -1 };
}

function fittingLines(groups: readonly Group[], tokens: number): string[] {
  const lines: string[] = [];
  let left = tokens;
  const fits = (text: string): boolean => {
    const wanted = estimateTokens(`${text}\n`);
    if (wanted > left) return false;
    left -= wanted;
    lines.push(text);
    return true;
  };
  for (const { head, items, most } of groups) {
    if (most === -1) fits(head);
    else if (items[0] !== undefined && fits(head)) {
      let shown = 0;
      while (shown < Math.min(items.length, most) && fits(items[shown] ?? '')) shown++;
      if (shown < items.length) fits(`- … ${items.length - shown} more`);
    }
  }
  return lines;
}

function line(text: string, limit: number): string {
  return toSingleLine(text, limit);
}

function languageLine({ name, files, bytes }: ProjectFacts['languages'][number]): string {
  return `${name} (${counted(files, 'file')}, ${sizeOf(bytes)})`;
}

function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function packageLine(one: ProjectPackage): string {
  const name = one.name === null ? '' : `: ${line(one.name, 80)}`;
  const needs =
    one.dependsOn.length === 0 ? '' : `, needs ${one.dependsOn.slice(0, 10).map(folder).join(' ')}`;
  const tests = one.runners.length === 0 ? '' : `, tests: ${one.runners.join(' ')}`;
  return `- ${folder(one.folder)}${name} (${one.ecosystem})${needs}${tests}`;
}

function folder(path: string): string {
  return path === '' ? '.' : line(path, 100);
}

function scriptLine({ folder: at, call, runs }: ProjectFacts['scripts'][number]): string {
  const place = at === '' ? '' : ` in ${folder(at)}`;
  return `- ${line(call, 80)}${place}${runs === '' ? '' : `: ${line(runs, 120)}`}`;
}

function entryLines(one: ProjectPackage): string[] {
  return one.entryPoints.map((path) => {
    const place = one.folder === '' ? '' : ` (in ${folder(one.folder)})`;
    return `${line(path, 100)}${place}`;
  });
}

/** More of a README than this fits into no prompt. */
const longestReadme = 40_000;

/** Without comments, and without paragraphs that are nothing but badges, pictures and tags. */
function withoutDecoration(text: string): string {
  const [before = '', ...comments] = cleanedText(text.slice(0, longestReadme))
    .replace(/\r\n?/g, '\n')
    .split('<!--');
  const behind = comments.map((part) => part.split('-->').slice(1).join('-->'));
  return [before, ...behind]
    .join('')
    .split(/\n[ \t]*\n/)
    .filter((paragraph) => /[\p{L}\p{N}]/u.test(bare(paragraph)))
    .join('\n\n')
    .trim();
}

function bare(paragraph: string): string {
  return paragraph
    .replace(/!\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])/g, '')
    .replace(/\[[ \t]*\]\([^)\n]*\)/g, '')
    .replace(/^\[[^\]\n]*\]:.*$/gm, '')
    .replace(/<[^<>]*>/g, '');
}

/** As many whole paragraphs as fit, and of a first one that is too long its whole lines, or words. */
function cutAtParagraph(text: string, tokens: number): string {
  for (const separator of ['\n\n', '\n', ' ']) {
    let shown = '';
    for (const part of text.split(separator)) {
      const longer = shown === '' ? part : `${shown}${separator}${part}`;
      if (estimateTokens(longer) > tokens) break;
      shown = longer;
    }
    // A title alone says little: then by lines.
    if (shown === text || /\n/.test(shown.trim()) || separator === ' ') return shown.trimEnd();
  }
  return '';
}
