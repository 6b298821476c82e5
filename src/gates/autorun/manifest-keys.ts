import { posix } from 'node:path';
import type { AutorunKind } from '../../domain/autorun.ts';
import { movedFileOf } from '../../text/moved-file.ts';
import { members, type Members } from './members.ts';
import { installScripts } from './package-scripts.ts';
import {
  cargoSources,
  gemSources,
  npmSources,
  pipSources,
  pyprojectSources,
  type PackageSource,
} from './package-sources.ts';
import { foldedPath } from './places.ts';

/** A part of a manifest that names what runs by itself; the rest of the file is harmless. */
export interface ManifestKey {
  /** As `scripts.postinstall`. */
  readonly key: string;
  readonly kind: AutorunKind;
  /** About the file. */
  readonly says: string;
  /** Its value, as one text: another one is another command. */
  readonly value: string;
}

/** @throws for text that it cannot read */
type Read = (text: string) => readonly ManifestKey[] | Promise<readonly ManifestKey[]>;

/** In characters: a reply must not keep the program busy. */
const largest = 500_000;

/** The parts of a file that run by themselves; none for other files. */
export async function manifestKeys(path: string, text: string): Promise<readonly ManifestKey[]> {
  const name = posix.basename(foldedPath(path));
  const read = readers[name] ?? (pipList.test(name) ? pipKeys : undefined);
  if (read === undefined || text.trim() === '') return [];
  if (movedFileOf(text) !== null) return [unknown(name, text, 'is no text that is looked through')];
  if (text.length > largest) return [unknown(name, text, 'too large to be looked through')];
  try {
    return await read(text.replace(/^\ufeff/, ''));
  } catch {
    // What runs by it may be able to read it.
    return [unknown(name, text, 'cannot be looked through')];
  }
}

const pipList = /^(?:[\w.-]*requirements[\w.-]*|constraints)\.(?:txt|in)$/;

function unknown(key: string, value: string, problem: string): ManifestKey {
  return {
    key,
    kind: 'install',
    says: `${problem} for what runs at an install`,
    value: value.trim(),
  };
}

const readers: Readonly<Record<string, Read>> = {
  'package.json': (text) => packageKeys(members(JSON.parse(text))),
  'composer.json': (text) => composerKeys(members(JSON.parse(text))),
  'pyproject.toml': async (text) => pyprojectKeys(await parsedToml(text)),
  'cargo.toml': async (text) => cargoKeys(await parsedToml(text)),
  'setup.cfg': (text) =>
    [
      ...text.matchAll(
        /^[ \t]*(cmdclass|setup_hooks|pre-hook\.\w+|post-hook\.\w+)[ \t]*[=:](.*(?:\n[ \t]+.*)*)/gm,
      ),
    ].map(([, key = '', value = '']) => ({
      key,
      kind: 'install',
      says: `${key} runs when the package is built`,
      value: value.trim(),
    })),
  'pnpm-workspace.yaml': async (text) => {
    const { parse } = await import('yaml');
    return keysIn(members(parse(text)), '', 'packages', pnpmKeys, allowsScripts);
  },
  gemfile: (text) => fromSources(gemSources(text)),
  '.gitattributes': attributeKeys,
};

/** Most work has none of these files, and no parser of theirs is loaded for it. */
async function parsedToml(text: string): Promise<Members> {
  const { parse } = await import('smol-toml');
  return parse(text);
}

const hookKeys = [
  'husky',
  'simple-git-hooks',
  'lint-staged',
  'nano-staged',
  'pre-commit',
  'pre-push',
  'gitHooks',
  'ghooks',
];
const pnpmKeys = [
  'allowBuilds',
  'configDependencies',
  'dangerouslyAllowAllBuilds',
  'neverBuiltDependencies',
  'onlyBuiltDependencies',
  'onlyBuiltDependenciesFile',
  'pnpmfile',
];

function packageKeys(manifest: Members): ManifestKey[] {
  const scripts = installScripts(manifest).map(({ name, command, by }): ManifestKey => {
    const when = by === null ? 'at every install' : `at every install, called by ${by}`;
    return {
      key: `scripts.${name}`,
      kind: 'install',
      says: `its script ${name} runs ${when}`,
      value: command,
    };
  });
  const atCommits = (key: string): string => `its key ${key} names commands that run at commits`;
  const packageManager = text(manifest['packageManager']);
  const lavaMoat = members(manifest['lavamoat']);
  return [
    ...scripts,
    ...keysIn(manifest, '', 'hook', hookKeys, atCommits),
    ...keysIn(members(manifest['config']), 'config.', 'hook', ['ghooks'], atCommits),
    ...keysIn(manifest, '', 'install', ['gypfile'], () => 'it is built at every install'),
    ...keysIn(manifest, '', 'packages', ['trustedDependencies', 'dependenciesMeta'], allowsScripts),
    ...keysIn(members(manifest['pnpm']), 'pnpm.', 'packages', pnpmKeys, allowsScripts),
    ...keysIn(lavaMoat, 'lavamoat.', 'packages', ['allowScripts'], allowsScripts),
    ...fromSources(npmSources(manifest)),
    // A version is looked up at the registry, an address is run as it is.
    ...(packageManager.includes('/')
      ? keysIn(manifest, '', 'packages', ['packageManager'], () => {
          return 'its package manager is fetched from an address';
        })
      : []),
  ];
}

function allowsScripts(key: string): string {
  return `its key ${key} says which packages may run scripts at an install`;
}

function fromSources(sources: readonly PackageSource[]): ManifestKey[] {
  return sources.map(({ key, value }) => {
    const says = `it has packages come from elsewhere than the usual registry: ${key}`;
    return { key, kind: 'packages', says, value };
  });
}

function pipKeys(text: string): ManifestKey[] {
  return fromSources(pipSources(text));
}

function cargoKeys(manifest: Members): ManifestKey[] {
  const build = keysIn(members(manifest['package']), 'package.', 'install', ['build'], () => {
    return 'cargo runs what its key build names at every build';
  });
  const other = build.filter(({ value }) => value !== 'false' && value !== '"build.rs"');
  return [...other, ...fromSources(cargoSources(manifest))];
}

function composerKeys(manifest: Members): ManifestKey[] {
  const scripts = members(manifest['scripts']);
  const events = Object.keys(scripts).filter((name) =>
    /^(?:pre|post)-|^(?:init|command)$/i.test(name),
  );
  return [
    ...keysIn(scripts, 'scripts.', 'install', events, (key) => `Composer runs its ${key}`),
    ...keysIn(manifest, '', 'packages', ['repositories'], () => {
      return 'it has packages come from elsewhere than the usual registry: repositories';
    }),
    ...keysIn(members(manifest['config']), 'config.', 'packages', ['allow-plugins'], () => {
      return 'it says which plugins of Composer may run';
    }),
  ];
}

function pyprojectKeys(manifest: Members): ManifestKey[] {
  const tool = members(manifest['tool']);
  const building = (): string => 'code of the project runs when the package is built or installed';
  const hatch = members(members(tool['hatch'])['build']);
  const targets = Object.entries(members(hatch['targets'])).map(([name, target]) =>
    keysIn(members(target), `tool.hatch.build.targets.${name}.`, 'install', ['hooks'], building),
  );
  return [
    ...keysIn(
      members(manifest['build-system']),
      'build-system.',
      'install',
      ['backend-path'],
      building,
    ),
    ...keysIn(members(tool['poetry']), 'tool.poetry.', 'install', ['build'], building),
    ...keysIn(members(tool['setuptools']), 'tool.setuptools.', 'install', ['cmdclass'], building),
    ...keysIn(members(tool['pdm']), 'tool.pdm.', 'install', ['build'], building),
    ...keysIn(hatch, 'tool.hatch.build.', 'install', ['hooks'], building),
    ...targets.flat(),
    ...fromSources(pyprojectSources(manifest)),
  ];
}

/** Attributes by which git starts programs, each with the files that it is for. */
function attributeKeys(content: string): ManifestKey[] {
  return content.split('\n').flatMap((line) => {
    if (line.trimStart().startsWith('#')) return [];
    return [...line.matchAll(/(?<=\s)(filter|diff|merge)=(\S+)/g)].map(
      ([, name = '', value = '']) => ({
        key: `${name}=${value}`,
        kind: 'git' as const,
        says: `git starts the program that its configuration names for ${name}=${value}`,
        value: line.trim(),
      }),
    );
  });
}

function keysIn(
  from: Members,
  prefix: string,
  kind: AutorunKind,
  keys: readonly string[],
  says: (key: string) => string,
): ManifestKey[] {
  return keys.flatMap((key) =>
    Object.hasOwn(from, key)
      ? [{ key: `${prefix}${key}`, kind, says: says(key), value: JSON.stringify(from[key]) }]
      : [],
  );
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
