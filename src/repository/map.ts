import { estimateTokens, toSingleLine } from '../domain/text.ts';
import { partsOf } from '../text/words.ts';
import type { SourceSymbol } from './file-entry.ts';
import { entryAt, type Corpus, type CorpusFile } from './index/corpus.ts';
import { symbolsOf } from './index/indexed-entry.ts';
import { outlineOf } from './outline.ts';
import type { Query } from './rank/query.ts';
import type { RankedFile } from './rank/rank.ts';

/** What a model sees of a project: its folders, and the files that matter most with what they define. */
export interface ProjectMap {
  /** Markdown; names of files and signatures are the project's own words. */
  readonly text: string;
  /** Estimated. */
  readonly tokens: number;
  /** Files in the order of the map. */
  readonly files: readonly MappedFile[];
  /** Files that matter by their rank and found no room. */
  readonly leftOut: number;
}

export interface MappedFile {
  readonly path: string;
  /** Only those of a ranking differ from 0. */
  readonly score: number;
  /** With its signatures, or by its name alone. */
  readonly form: 'outline' | 'name';
}

/** Shares of the room: for the folders, and for one file's signatures at most. */
const folderShare = 0.15;
const largestShare = 0.12;
/** Where less is left, files are named alone. */
const leastForOutlines = 40;
/** A file's signatures in a very small map all the same. */
const leastOutline = 80;

/**
 * Draws the map into a number of tokens: folders, then the ranked files with their signatures as long as
 * there is room, those first that a query names, then names alone.
 */
export function drawMap(
  corpus: Corpus,
  ranked: readonly RankedFile[],
  maxTokens: number,
  query: Pick<Query, 'terms'> = { terms: new Map() },
): ProjectMap {
  const folders = folderLines(corpus.files, maxTokens * folderShare);
  const blocks: string[] = [];
  const files: MappedFile[] = [];
  let left = maxTokens - estimateTokens(folders);
  const takes = (text: string): boolean => {
    const tokens = estimateTokens(`${text}\n`);
    if (tokens > left) return false;
    left -= tokens;
    blocks.push(text);
    return true;
  };
  const isNamed = ({ name }: SourceSymbol): boolean =>
    [name, ...partsOf(name)].some((word) => query.terms.has(corpus.terms.find(word) ?? -1));
  const perFile = Math.max(leastOutline, Math.floor(maxTokens * largestShare));
  for (const { place, score } of ranked) {
    const file = corpus.files[place];
    const entry = entryAt(corpus, place);
    if (file === undefined || entry === null) continue;
    const title = fileLine(file);
    const outline =
      left < leastForOutlines ? '' : outlineOf({ symbols: symbolsOf(entry) }, perFile, isNamed);
    if (outline !== '' && takes(`${title}\n${outline}`))
      files.push({ path: file.path, score, form: 'outline' });
    else if (takes(title)) files.push({ path: file.path, score, form: 'name' });
    else break;
  }
  const text = [folders, ...blocks].filter((part) => part !== '').join('\n');
  return {
    text,
    tokens: estimateTokens(text),
    files,
    leftOut: ranked.filter(({ place }) => entryAt(corpus, place) !== null).length - files.length,
  };
}

function fileLine({ path, entry }: CorpusFile): string {
  const lines = entry?.lines ?? 0;
  return `${toSingleLine(path, 300)} (${lines} ${lines === 1 ? 'line' : 'lines'})`;
}

/** Folders with how many files each holds, as deep as there is room for; empty for a single folder. */
function folderLines(files: readonly CorpusFile[], maxTokens: number): string {
  const direct = new Map<string, number>();
  for (const { path } of files) add(direct, path.slice(0, path.lastIndexOf('/') + 1), 1);
  let best = '';
  for (let depth = 1; depth <= 6; depth++) {
    const counts = new Map<string, number>();
    for (const [folder, count] of direct) add(counts, topOf(folder, depth), count);
    if (counts.size < 2) continue;
    const lines = [...counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([folder, count]) => `${toSingleLine(folder, 200)} ${count}`);
    const text = `Folders, with how many files each holds: ${lines.join(', ')}\n`;
    if (text === best) break;
    if (estimateTokens(text) > maxTokens) break;
    best = text;
  }
  return best;
}

function add(counts: Map<string, number>, folder: string, count: number): void {
  counts.set(folder, (counts.get(folder) ?? 0) + count);
}

/** @param folder with a slash at its end; empty for the root */
function topOf(folder: string, depth: number): string {
  const steps = folder.split('/').slice(0, -1).slice(0, depth);
  return steps.length === 0 ? './' : `${steps.join('/')}/`;
}
