import { isSecretFile } from '../../src/files/secret-files.ts';
import { outlineOf } from '../../src/repository/outline.ts';
import { readEntry } from '../../src/repository/read-entry.ts';
import type {
  NamedFile,
  PackageReach,
  Project,
  RelatedFile,
  WorkOnFiles,
} from '../../src/repository/project.ts';

export interface KnownParts {
  readonly files: Readonly<Record<string, string>>;
  readonly related?: readonly RelatedFile[];
  readonly named?: readonly NamedFile[];
  readonly packages?: readonly PackageReach[];
}

/** A project of these texts; maps and relations are as they are given, and what they are asked for is kept. */
export function knownProject({ files, related = [], named = [], packages = [] }: KnownParts): {
  readonly project: Project;
  readonly maps: string[];
  readonly works: WorkOnFiles[];
} {
  const maps: string[] = [];
  const works: WorkOnFiles[] = [];
  const read = async (path: string): Promise<string | null> =>
    isSecretFile(path) ? null : (files[path] ?? null);
  const project: Project = {
    isEmpty: async () => Object.keys(files).length === 0,
    remarks: async () => [],
    facts: async () => 'Language: TypeScript',
    map: async (text, tokens) => {
      maps.push(text);
      const shown = Object.keys(files).sort();
      return {
        text: shown.join('\n').slice(0, tokens * 3),
        tokens: 1,
        files: shown.map((path) => ({ path, score: 1, form: 'name' as const })),
        leftOut: 0,
      };
    },
    search: async () => {
      throw new Error('Nothing was to be searched');
    },
    named: async () => named,
    excerpt: async (_path, _text, lines) => lines.map((line) => `line ${line}`).join('\n'),
    around: async (work) => {
      works.push(work);
      return related;
    },
    reach: async () => {
      throw new Error('Nothing was to be reached');
    },
    read,
    outline: async (path, text) => outlineOf(await readEntry(path, Buffer.from(text))),
    passedOver: async () => [],
    paths: async () => Object.keys(files).sort(),
    packages: async () => packages,
  };
  return { project, maps, works };
}
