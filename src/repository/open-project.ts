import { realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { BlueprintError } from '../domain/errors.ts';
import { endIdleThreads, startReading } from '../syntax/read-syntax.ts';
import { isSecretFile } from '../files/secret-files.ts';
import { printable } from '../files/file-problem.ts';
import { readLeft } from '../files/read-left.ts';
import { baseName } from '../files/slash-paths.ts';
import { mentionsOf, namesNothing } from '../text/mentions.ts';
import { once } from '../text/once.ts';
import { chunksOf } from './chunks.ts';
import { projectFacts } from './facts.ts';
import { factsText } from './facts-text.ts';
import type { ResolveImport } from './imports/import-resolver.ts';
import { createImportResolver } from './imports/resolver.ts';
import { entryAt, type Corpus } from './index/corpus.ts';
import { symbolsOf } from './index/indexed-entry.ts';
import { keptIndex } from './index/keep-index.ts';
import { blobHash, hashIn, keyOf, largestFile, refresh } from './index/refresh.ts';
import { knownLinks } from './known-links.ts';
import { listProjectFiles, type ListOptions } from './list-files.ts';
import { lookAhead } from './look-ahead.ts';
import { drawMap, type ProjectMap } from './map.ts';
import { eachOnce, filesDeclaring, filesNamed } from './named-files.ts';
import { outlineOf } from './outline.ts';
import { packagesIn } from './packages/packages-in.ts';
import { passedOver, unknownSources } from './passed-over.ts';
import type { Project, ReadText } from './project.ts';
import type { FileListing, ProjectFile } from './project-file.ts';
import type { Graph } from './rank/edges.ts';
import { graphOf, type Links } from './rank/graph.ts';
import { queryOf } from './rank/query.ts';
import { rankFiles } from './rank/rank.ts';
import { sharedWords } from './rank/shared-words.ts';
import { readEntry } from './read-entry.ts';
import { mostRanked, relatedFiles, type WorkFile } from './related.ts';
import { openReach } from './reach/open-reach.ts';
import { searchCorpus } from './search.ts';

export interface OpenProjectOptions {
  /** Absolute. */
  readonly root: string;
  /** Slash paths below the root that are no part of it. */
  readonly leftOut: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly maxFiles: number;
  readonly now: () => Date;
  /** Of this user; null where none can be kept. */
  readonly key: () => Promise<Buffer | null>;
  /** Hears how many files of those that have to be read are done. */
  readonly progress?: (done: number, all: number) => void;
  /** Hears of what went wrong and stops nothing. */
  readonly warn?: (message: string) => void;
  readonly signal: AbortSignal;
}

/** All that ranking needs. */
interface Known {
  readonly corpus: Corpus;
  readonly links: Links;
  readonly graph: Graph;
}

/** Files that are read at once when a project is first read; memory counts then. */
const many = 1_000;

/** Bytes of an index, from some hundred files on: where so much is read, something will most often have changed. */
const largeIndex = 500_000;

/** Words by which a reason says why a file is near. */
const mostSharedWords = 3;

/** Opens a project; nothing is read before something is asked. What was read is kept as it was then. */
export function openProject(options: OpenProjectOptions): Project {
  const { signal } = options;
  const root = once(() => realpath(options.root));
  /** What looks at files while git still lists them. */
  let ahead = async (): Promise<ReadonlyMap<string, ProjectFile>> => new Map();
  const listing = once(() => listed({ ...options, seen: () => ahead() }));
  const readBytes = async (path: string): Promise<Buffer | null> =>
    readLeft(await root(), path, largestFile);
  const read: ReadText = async (path) => {
    if (isSecretFile(path)) return null;
    return textOf(await readBytes(path));
  };
  const settings = new Map<string, string | null>();
  const view = once(async () => {
    const { files } = await listing();
    return {
      files: new Set(files.map(({ path }) => path)),
      async read(path: string) {
        const bytes = isSecretFile(path) ? null : await readBytes(path);
        settings.set(path, bytes === null ? null : blobHash(bytes));
        return textOf(bytes);
      },
    };
  });
  const packages = once(async () => packagesIn(await view()));
  const makeResolver = async (): Promise<ResolveImport> =>
    createImportResolver(await view(), await packages());
  // Not the one that resolved all imports: what that one remembers of them is needed no more.
  const resolver = once(makeResolver);
  /** What is not known of files that are there; told once they were read. */
  let unread: readonly (string | null)[] = [];
  const known = once(async (): Promise<Known> => {
    const { root: folder, key, progress, now, warn } = options;
    const index = keptIndex(folder, key);
    if (index.size() > largeIndex) startReading();
    // The index is read while git lists the files.
    const loading = index.load();
    ahead = async () => lookAhead(await root(), await loading, signal);
    const [before, { files }] = await Promise.all([loading, listing()]);
    const reading = { bytes: readBytes, entry: readEntry, now, signal };
    const {
      corpus,
      content,
      isNew,
      read: done,
    } = await refresh(before, files, {
      ...reading,
      ...(progress !== undefined && { progress }),
    });
    if (done > many) endIdleThreads();
    unread = [givenUp(corpus), unknownSources(corpus)];
    const { links, kept } = await knownLinks(corpus, {
      before,
      resolver: makeResolver,
      settings: () => [...settings],
      async hashNow(path) {
        const known = corpus.files[corpus.places.get(path) ?? -1]?.key ?? null;
        if (known !== null) return hashIn(known);
        const bytes = isSecretFile(path) ? null : await readBytes(path);
        return bytes === null ? null : blobHash(bytes);
      },
    });
    if (isNew || kept !== before?.links) {
      const problem = await index.save({ ...content, links: kept });
      if (problem !== null) warn?.(`what was read of the project could not be kept: ${problem}`);
    }
    return { corpus, links, graph: graphOf(corpus, links) };
  });
  const facts = once(async () => projectFacts((await listing()).files, await packages(), read));
  const maps = new Map<string, Promise<ProjectMap>>();
  const isEmpty = once(async () =>
    (await listing()).files.every(({ kind }) => kind !== 'source' && kind !== 'test'),
  );

  return {
    isEmpty,
    remarks: async () => [...(await listing()).remarks, ...unread.filter((one) => one !== null)],
    facts: async (maxTokens) => factsText(await facts(), maxTokens),
    map(text, maxTokens) {
      const key = `${maxTokens} ${text}`;
      const drawn =
        maps.get(key) ??
        known().then(({ corpus, graph }) => {
          const query = queryOf(text, corpus);
          return drawMap(corpus, rankFiles(corpus, graph, query), maxTokens, query);
        });
      maps.set(key, drawn);
      return drawn;
    },
    search: async (query, limit) => {
      const { corpus } = await known();
      return searchCorpus(corpus, query, { limit, read, signal });
    },
    async named(text) {
      if (namesNothing(mentionsOf(text))) return [];
      // In what was copied from a terminal paths begin at the root of the machine.
      const folders = [options.root, await root()].map((folder) => `${folder}${sep}`);
      const mentions = mentionsOf(folders.reduce((rest, one) => rest.replaceAll(one, ''), text));
      const { files } = await listing();
      const shown = files.filter(({ kind }) => kind !== 'secret' && kind !== 'binary');
      const byPath = filesNamed(
        mentions.paths,
        shown.map(({ path }) => path),
      );
      // `cart.ts` could be a member as well.
      const names = mentions.names.filter(
        ({ name, owner }) =>
          !byPath.some(
            ({ path }) => baseName(path) === (owner === null ? name : `${owner}.${name}`),
          ),
      );
      if (names.length === 0 || (await isEmpty())) return eachOnce(byPath);
      return eachOnce([...byPath, ...filesDeclaring(names, (await known()).corpus)]);
    },
    async around({ named, produced, text }, readAs) {
      const { corpus, graph, links } = await known();
      const resolve = await resolver();
      const importsOf = async (path: string): Promise<WorkFile> => {
        const content = await readAs(path).catch(orNull);
        if (content === null) return { path, imports: [] };
        const { grammar, imports } = await readEntry(path, Buffer.from(content), signal);
        const found = imports.flatMap((clause) =>
          grammar === null ? [] : resolve(path, clause, grammar),
        );
        return { path, imports: [...new Set(found)] };
      };
      const work = {
        named: await Promise.all(named.map(importsOf)),
        produced: await Promise.all(produced.map(importsOf)),
      };
      const query = queryOf([text, ...named].join('\n'), corpus);
      const ranked = rankFiles(corpus, graph, query);
      const places = ranked.slice(0, mostRanked).map(({ place }) => place);
      const shared = sharedWords(corpus, query, places, mostSharedWords);
      return relatedFiles(corpus, links, { ...work, ranked, shared });
    },
    reach: openReach(async () => (await known()).corpus, signal),
    read,
    async outline(path, text) {
      const bytes = Buffer.from(text);
      const { corpus } = await known();
      const place = corpus.places.get(path) ?? -1;
      const entry = entryAt(corpus, place);
      // What stands on disk was read before.
      if (entry !== null && corpus.files[place]?.key === keyOf(path, blobHash(bytes)))
        return outlineOf({ symbols: symbolsOf(entry) });
      return outlineOf(await readEntry(path, bytes, signal));
    },
    async excerpt(path, text, lines) {
      const chunks = chunksOf(path, text, await readEntry(path, Buffer.from(text), signal));
      return chunks
        .filter(({ line, endLine }) => lines.some((one) => line <= one && one <= endLine))
        .map((chunk) => `lines ${chunk.line} to ${chunk.endLine}:\n${chunk.text}`)
        .join('\n\n');
    },
    passedOver: once(async () => passedOver((await known()).corpus)),
    paths: async () => (await listing()).files.map(({ path }) => path),
    packages,
  };
}

/** A project that is too large to be looked through is none to be looked at. */
async function listed(options: ListOptions): Promise<FileListing> {
  try {
    return await listProjectFiles(options);
  } catch (error) {
    if (!(error instanceof BlueprintError) || error.code !== 'project-too-large') throw error;
    return { files: [], remarks: [error.message] };
  }
}

/** Null for what is no text. */
function textOf(bytes: Buffer | null): string | null {
  return bytes === null || bytes.includes(0) ? null : bytes.toString('utf8');
}

function givenUp({ files }: Corpus): string | null {
  const found = files.flatMap(({ path, entry }) =>
    entry === null || entry.problem === null ? [] : { path, problem: entry.problem },
  );
  const [first] = found;
  if (first === undefined) return null;
  const example = `${printable(first.path)}: ${printable(first.problem)}`;
  return found.length === 1
    ? `What 1 file defines could not be read by its grammar (${example})`
    : `What ${found.length} files define could not be read by their grammars (as ${example})`;
}

/** What may not be read, as a file behind a link, imports nothing. */
function orNull(error: unknown): null {
  if (error instanceof BlueprintError) return null;
  throw error;
}
