import type { ProjectStack } from './project.ts';

/** How a language's projects are set up and tested, and where the files of a slug are. */
type Layout = readonly [testCommand: string, setup: string, source: string, test: string];

/** The paths are those of the slug `a-b`. */
const layouts = {
  TypeScript: ['npm test', 'package.json tsconfig.json', 'src/a-b.ts', 'tests/a-b.test.ts'],
  JavaScript: ['npm test', 'package.json', 'src/a-b.js', 'test/a-b.test.js'],
  Python: ['python -m pytest', 'pyproject.toml', 'src/a_b.py', 'tests/test_a_b.py'],
  Go: ['go test ./...', 'go.mod', 'internal/a_b/a_b.go', 'internal/a_b/a_b_test.go'],
  Rust: ['cargo test', 'Cargo.toml src/lib.rs', 'src/a_b.rs', 'tests/a_b.rs'],
  Java: ['mvn test', 'pom.xml', 'src/main/java/app/AB.java', 'src/test/java/app/ABTest.java'],
  'C#': ['dotnet test', 'App.csproj', 'src/AB.cs', 'tests/ABTests.cs'],
  Ruby: ['bundle exec rake test', 'Gemfile', 'lib/a_b.rb', 'test/a_b_test.rb'],
  PHP: ['vendor/bin/phpunit', 'composer.json', 'src/AB.php', 'tests/ABTest.php'],
  Shell: ['sh tests/run.sh', 'tests/run.sh', 'bin/a-b.sh', 'tests/a-b.test.sh'],
} satisfies Record<string, Layout>;

/** What names each, in order of preference where a text names several as often. */
const words: readonly (readonly [keyof typeof layouts, RegExp])[] = [
  ['TypeScript', /\btype ?script\b|\btsx\b|\bangular\b|\bnest\.?js\b|\bdeno\b/gi],
  [
    'JavaScript',
    /\bjavascript\b|\bnode(?:\.?js)?\b|\bnpm\b|\besm\b|\bexpress\b|\breact\b|\bvue\b|\bsvelte\b|\bnext\.?js\b/gi,
  ],
  [
    'Python',
    /\bpython\b|\bdjango\b|\bflask\b|\bfastapi\b|\bpandas\b|\bpytest\b|\bnumpy\b|\bjupyter\b/gi,
  ],
  [
    'Go',
    /\bgolang\b|\b(?:in|using|with|use) Go\b|\bGo (?:\d|module|service|program|binary|cli|package|application)/g,
  ],
  ['Rust', /\brust\b|\bcargo\b|\bcrates?\b/gi],
  ['Java', /\bjava\b|\bspring boot\b|\bmaven\b|\bgradle\b/gi],
  ['C#', /\bc#|\.net\b|\bdotnet\b/gi],
  ['Ruby', /\bruby\b|\brails\b|\brspec\b/gi],
  ['PHP', /\bphp\b|\blaravel\b|\bsymfony\b/gi],
  ['Shell', /\bbash\b|\bshell script\b|\bposix sh\b/gi],
];

/** A project's layout: the one of its language, with its own folders and test command. */
function layoutOf({ language, manifest, testCommand, sources, tests }: ProjectStack): Layout {
  const [usual, , source, test]: Layout = layouts[language];
  // Java, Go and Rust put their files where their tools look for them, whatever stands beside.
  const fixed = language === 'Java' || language === 'Go' || language === 'Rust';
  const moved = (path: string, folder: string | null): string =>
    fixed || folder === null ? path : `${folder}${path.slice(path.lastIndexOf('/') + 1)}`;
  return [testCommand ?? usual, manifest, moved(source, sources), moved(test, tests)];
}

/**
 * The language of the project that the work is for; of a new one the language that the text speaks of most,
 * and where it names none a guess, to have paths to plan with.
 */
export function detectStack(text: string, project: ProjectStack | null = null) {
  if (project !== null) return { ...stackIn(project.language, layoutOf(project)), guessed: false };
  const counts = new Map(
    words.map(([name, pattern]) => [name, text.match(pattern)?.length ?? 0] as const),
  );
  // Who writes TypeScript also says npm and Node, and means TypeScript all the same.
  if (counts.get('TypeScript') !== 0) counts.set('JavaScript', 0);
  const most = Math.max(...counts.values());
  const data = /\b(?:data ?sets?|csv|machine learning|statistics|notebook|scraper)\b/i.test(text);
  const guess = data ? 'Python' : 'TypeScript';
  const [named = guess] = [...counts].flatMap(([name, count]) => (count === most ? name : []));
  const name = most === 0 ? guess : named;
  return { ...stackIn(name, layouts[name]), guessed: most === 0 };
}

function stackIn(name: keyof typeof layouts, [testCommand, setup, source, test]: Layout) {
  return {
    name,
    testCommand,
    setup: [...setup.split(' '), '.gitignore'],
    filesOf: (slug: string) => ({ source: pathOf(source, slug), test: pathOf(test, slug) }),
  };
}

function pathOf(path: string, slug: string): string {
  const pascal = slug.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return path
    .replaceAll('a-b', slug)
    .replaceAll('a_b', slug.replaceAll('-', '_'))
    .replaceAll('AB', pascal);
}
