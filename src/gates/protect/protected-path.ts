import { isJestLikeTest } from '../runners/jest-like.ts';
import { isNodeTestFile } from '../runners/node-test.ts';
import { isPythonTest } from '../runners/python.ts';
import { baseName } from '../../files/slash-paths.ts';

/**
 * What a path is to the tests. `test`: one of them, or a file that they stand on. `config`: decides how a
 * runner works. `hijack`: is loaded into the runner, or stands in for it, and serves nothing else.
 */
export type Protection = 'test' | 'config' | 'hijack';

export type Ecosystem =
  | 'javascript'
  | 'python'
  | 'rust'
  | 'go'
  | 'jvm'
  | 'dotnet'
  | 'php'
  | 'ruby'
  | 'any';

export interface Protected {
  readonly kind: Protection;
  readonly of: Ecosystem;
}

const testFolders =
  /(?:^|\/)(?:tests?|__tests__|e2e|testdata|fixtures|__fixtures__|__snapshots__)\/|^specs?\//;

/** Only the whole file is judged here; package.json and its like are judged by their sections. */
export function protectedPath(path: string): Protected | null {
  const name = baseName(path);
  for (const { pattern, kind, of } of rules)
    if (pattern.test(pattern.source.includes('/') ? path : name)) return { kind, of };
  const of = testLanguage(path);
  return of === null ? null : { kind: 'test', of };
}

/** The ecosystem of a path that is a test by its name or folder. */
export function testLanguage(path: string): Ecosystem | null {
  if (isJestLikeTest(path) || isNodeTestFile(path)) return 'javascript';
  if (isPythonTest(path)) return 'python';
  if (/_test\.go$/.test(path)) return 'go';
  const named =
    /[._](?:spec|test)s?\.(?:py|rb|exs|dart|php|lua|sh|bats)$|Tests?\.(?:java|kt|cs|php|swift)$|(?:_test|Spec)\.(?:ts|tsx|groovy|kt|scala)$/;
  if (!named.test(path) && !testFolders.test(path)) return null;
  return languages.find(([pattern]) => pattern.test(path))?.[1] ?? 'any';
}

const languages: readonly (readonly [RegExp, Ecosystem])[] = [
  [/\.[cm]?[jt]sx?$/, 'javascript'],
  [/\.pyi?$/, 'python'],
  [/\.rs$/, 'rust'],
  [/\.go$/, 'go'],
  [/\.(?:java|kts?|groovy|scala)$/, 'jvm'],
  [/\.(?:cs|fs|vb)$/, 'dotnet'],
  [/\.php$/, 'php'],
  [/\.rb$/, 'ruby'],
];

const rules: readonly { pattern: RegExp; kind: Protection; of: Ecosystem }[] = [
  rule('hijack', 'python', /^(?:site|user)customize\.py$/),
  rule('hijack', 'python', /\.(?:pth|egg-link)$/),
  rule('hijack', 'python', /^pyvenv\.cfg$/),
  // What says of a package which plugins of runners it has.
  rule('hijack', 'python', /(?:^|\/)[^/]+\.(?:dist-info|egg-info)(?:$|\/)/),
  // A module of the runner's name would be loaded in its place.
  rule(
    'hijack',
    'python',
    /^(?:src\/|tests?\/)?(?:_?pytest|unittest|pluggy|iniconfig)(?:\.py$|\/)/,
  ),
  // A runner that is given it by name would take it for an option, or for a list of them.
  rule('hijack', 'any', /^(?:-|@[^/]*$)/),
  rule('hijack', 'any', /(?:^|\/)(?:node_modules|site-packages|\.venv|venv)\//),
  rule('config', 'python', /^conftest\.py$/),
  rule('config', 'python', /^(?:\.?pytest\.(?:ini|toml)|tox\.ini|noxfile\.py|\.coveragerc)$/),
  rule(
    'config',
    'javascript',
    /^(?:vitest|vite|jest|babel|postcss|ava|karma|playwright|cypress)\.config\.\w+$/,
  ),
  rule('config', 'javascript', /^(?:vitest\.workspace|(?:vitest|jest)[.-]setup|setupTests)\.\w+$/),
  rule(
    'config',
    'javascript',
    /^\.(?:mocharc|babelrc|postcssrc|swcrc|taprc|c8rc|nycrc)(?:\.\w+)?$/,
  ),
  rule('config', 'javascript', /^\.(?:npmrc|yarnrc(?:\.yml)?|pnpmfile\.cjs)$/),
  rule('config', 'javascript', /^(?:bunfig\.toml|lerna\.json|turbo\.json|nx\.json)$/),
  rule('config', 'javascript', /(?:^|\/)__mocks__\//),
  rule('config', 'rust', /^(?:build\.rs|rust-toolchain(?:\.toml)?)$/),
  rule('config', 'rust', /(?:^|\/)\.cargo\/config(?:\.toml)?$/),
  rule('config', 'go', /^go\.work$/),
  rule('config', 'jvm', /(?:^|\/)(?:\.mvn|gradle\/wrapper)\//),
  rule('config', 'jvm', /^(?:junit-platform\.properties|testng\.xml)$/),
  rule('config', 'dotnet', /^(?:.*\.runsettings|xunit\.runner\.json|global\.json)$/),
  rule('config', 'php', /^(?:phpunit\.xml(?:\.dist)?|phpunit\.dist\.xml)$/),
  rule('config', 'ruby', /^\.rspec$/),
  rule('config', 'ruby', /(?:^|\/)\.bundle\/config$/),
  // What is loaded before the runner, as a part of it, or in its place.
  rule(
    'hijack',
    'jvm',
    /(?:^|\/)(?:org\/(?:junit|testng|opentest4j)|junit\/framework)\/.*\.(?:java|kt|groovy|scala)$/,
  ),
  rule('hijack', 'jvm', /(?:^|\/)META-INF\/services\/org\.(?:junit|testng)\./),
  rule('hijack', 'php', /(?:^|\/)vendor\/(?:autoload\.php$|(?:composer|bin|phpunit|pestphp)\/)/),
  rule(
    'hijack',
    'ruby',
    /^(?:lib|spec)\/rspec\/(?:core|expectations|mocks|support|autorun)(?:\.rb$|\/)/,
  ),
];

function rule(kind: Protection, of: Ecosystem, pattern: RegExp) {
  return { kind, of, pattern };
}

/** Settings of linters and type checkers: what the gate `commands` runs goes by them. */
export function isCheckerConfig(path: string): boolean {
  return checkerConfig.test(baseName(path));
}

const checkerConfig =
  /^(?:eslint\.config\.\w+|\.eslint(?:rc(?:\.\w+)?|ignore)|\.prettier(?:rc(?:\.\w+)?|ignore)|tsconfig(?:\..+)?\.json|biome\.jsonc?|\.?oxlintrc\.json|\.?ruff\.toml|\.?mypy\.ini|\.flake8|\.?pylintrc|pyrightconfig\.json|\.?clippy\.toml|\.?rustfmt\.toml|\.golangci\.\w+)$/;
