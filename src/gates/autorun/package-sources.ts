import { members, type Members } from './members.ts';

/** A package, or a place for packages, that is no version of the usual registry: its code comes as it is there. */
export interface PackageSource {
  /** As `dependencies.left-pad`. */
  readonly key: string;
  readonly value: string;
}

const address = /:\/\/|^(?:git[@+]|github:|gitlab:|bitbucket:|gist:)/i;
/** As npm takes it: of GitHub. */
const shortAddress = /^[\w.-]+\/[\w.-]+(?:#.*)?$/;

const npmTables = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'overrides',
  'resolutions',
];

export function npmSources(manifest: Members): PackageSource[] {
  return npmTables.flatMap((table) =>
    Object.entries(members(manifest[table])).flatMap(([name, version]) => {
      const value = typeof version === 'string' ? version : JSON.stringify(version);
      const isAddress = address.test(value) || shortAddress.test(value);
      return isAddress ? [{ key: `${table}.${name}`, value }] : [];
    }),
  );
}

/** Options and addresses in a list for pip. */
export function pipSources(text: string): PackageSource[] {
  const option =
    /^\s*(?:-i|-f|-e|--index-url|--extra-index-url|--find-links|--trusted-host|--editable)\b/;
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/(?:^|\s)#.*$/, ''))
    .filter((line) => option.test(line) || /(?:^|\s|@)\s*(?:git\+|\w+:\/\/)/.test(line))
    .map((line) => ({ key: line.trim(), value: line.trim() }));
}

/** Sources, plug-ins and repositories in a Gemfile, which is a program: those that it names in the usual way. */
export function gemSources(text: string): PackageSource[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) =>
      /^(?:source|plugin|git|git_source|github)\b|\b(?:git|github|gist|bitbucket|source):|:(?:git|github|gist|source)\s*=>/.test(
        line,
      ),
    )
    .filter((line) => !/^source ["']https:\/\/rubygems\.org\/?["']$/.test(line))
    .map((line) => ({ key: line, value: line }));
}

/** Indexes and sources that tools for Python read; addresses among the dependencies. */
export function pyprojectSources(manifest: Members): PackageSource[] {
  const tool = members(manifest['tool']);
  const named = (
    [
      ['uv', 'index'],
      ['uv', 'sources'],
      ['uv', 'pip'],
      ['poetry', 'source'],
      ['pdm', 'source'],
    ] as const
  ).flatMap(([name, key]) => {
    const value = members(tool[name])[key];
    return value === undefined
      ? []
      : [{ key: `tool.${name}.${key}`, value: JSON.stringify(value) }];
  });
  const listed: unknown[] = [
    members(manifest['project'])['dependencies'],
    members(manifest['build-system'])['requires'],
    ...Object.values(members(members(manifest['project'])['optional-dependencies'])),
  ];
  const addresses = listed
    .flatMap((list): unknown[] => (Array.isArray(list) ? list : []))
    .filter((entry): entry is string => typeof entry === 'string' && address.test(entry))
    .map((entry) => ({ key: entry.split(/[\s@[]/)[0] ?? entry, value: entry }));
  return [...named, ...addresses];
}

/** Dependencies of cargo by git or from another registry, whose build scripts run. */
export function cargoSources(manifest: Members): PackageSource[] {
  const groups = [manifest, members(manifest['workspace'])].concat(
    Object.values(members(manifest['target'])).map(members),
  );
  const tables = groups.flatMap((group) =>
    ['dependencies', 'dev-dependencies', 'build-dependencies'].map((name) => members(group[name])),
  );
  const patches = ['patch', 'replace'].flatMap((name) =>
    Object.entries(members(manifest[name])).map(([of, patch]) => ({
      key: `${name}.${of}`,
      value: JSON.stringify(patch),
    })),
  );
  const dependencies = tables.flatMap((table) =>
    Object.entries(table).flatMap(([name, from]) => {
      const { git, registry } = members(from);
      return git === undefined && registry === undefined
        ? []
        : [{ key: `dependencies.${name}`, value: JSON.stringify(from) }];
    }),
  );
  return [...dependencies, ...patches];
}
