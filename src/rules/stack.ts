/** Where a language's projects keep their files, and how they run their tests. */
interface Stack {
  readonly name: string;
  readonly testCommand: string;
  readonly setup: readonly string[];
  source(slug: string): string;
  test(slug: string): string;
}

export interface DetectedStack extends Stack {
  /** The text names no language; this one is taken to have paths to plan with. */
  readonly guessed: boolean;
}

const snake = (slug: string): string => slug.replaceAll('-', '_');
const pascal = (slug: string): string =>
  slug.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const typescript: Stack = {
  name: 'TypeScript',
  testCommand: 'npm test',
  setup: ['package.json', 'tsconfig.json', '.gitignore'],
  source: (slug) => `src/${slug}.ts`,
  test: (slug) => `tests/${slug}.test.ts`,
};
const python: Stack = {
  name: 'Python',
  testCommand: 'python -m pytest',
  setup: ['pyproject.toml', '.gitignore'],
  source: (slug) => `src/${snake(slug)}.py`,
  test: (slug) => `tests/test_${snake(slug)}.py`,
};

/** In order of preference where a text names several as often. */
const stacks: readonly (readonly [RegExp, Stack])[] = [
  [/\btype ?script\b|\btsx\b|\bangular\b|\bnest\.?js\b|\bdeno\b/gi, typescript],
  [
    /\bjavascript\b|\bnode(?:\.?js)?\b|\bnpm\b|\besm\b|\bexpress\b|\breact\b|\bvue\b|\bsvelte\b|\bnext\.?js\b/gi,
    {
      name: 'JavaScript',
      testCommand: 'npm test',
      setup: ['package.json', '.gitignore'],
      source: (slug) => `src/${slug}.js`,
      test: (slug) => `test/${slug}.test.js`,
    },
  ],
  [
    /\bpython\b|\bdjango\b|\bflask\b|\bfastapi\b|\bpandas\b|\bpytest\b|\bnumpy\b|\bjupyter\b/gi,
    python,
  ],
  [
    /\bgolang\b|\b(?:in|using|with|use) Go\b|\bGo (?:\d|module|service|program|binary|cli|package|application)/g,
    {
      name: 'Go',
      testCommand: 'go test ./...',
      setup: ['go.mod', '.gitignore'],
      source: (slug) => `internal/${snake(slug)}/${snake(slug)}.go`,
      test: (slug) => `internal/${snake(slug)}/${snake(slug)}_test.go`,
    },
  ],
  [
    /\brust\b|\bcargo\b|\bcrates?\b/gi,
    {
      name: 'Rust',
      testCommand: 'cargo test',
      setup: ['Cargo.toml', 'src/lib.rs', '.gitignore'],
      source: (slug) => `src/${snake(slug)}.rs`,
      test: (slug) => `tests/${snake(slug)}.rs`,
    },
  ],
  [
    /\bjava\b|\bspring boot\b|\bmaven\b|\bgradle\b/gi,
    {
      name: 'Java',
      testCommand: 'mvn test',
      setup: ['pom.xml', '.gitignore'],
      source: (slug) => `src/main/java/app/${pascal(slug)}.java`,
      test: (slug) => `src/test/java/app/${pascal(slug)}Test.java`,
    },
  ],
  [
    /\bc#|\.net\b|\bdotnet\b/gi,
    {
      name: 'C#',
      testCommand: 'dotnet test',
      setup: ['App.csproj', '.gitignore'],
      source: (slug) => `src/${pascal(slug)}.cs`,
      test: (slug) => `tests/${pascal(slug)}Tests.cs`,
    },
  ],
  [
    /\bruby\b|\brails\b|\brspec\b/gi,
    {
      name: 'Ruby',
      testCommand: 'bundle exec rake test',
      setup: ['Gemfile', '.gitignore'],
      source: (slug) => `lib/${snake(slug)}.rb`,
      test: (slug) => `test/${snake(slug)}_test.rb`,
    },
  ],
  [
    /\bphp\b|\blaravel\b|\bsymfony\b/gi,
    {
      name: 'PHP',
      testCommand: 'vendor/bin/phpunit',
      setup: ['composer.json', '.gitignore'],
      source: (slug) => `src/${pascal(slug)}.php`,
      test: (slug) => `tests/${pascal(slug)}Test.php`,
    },
  ],
  [
    /\bbash\b|\bshell script\b|\bposix sh\b/gi,
    {
      name: 'Shell',
      testCommand: 'sh tests/run.sh',
      setup: ['tests/run.sh', '.gitignore'],
      source: (slug) => `bin/${slug}.sh`,
      test: (slug) => `tests/${slug}.test.sh`,
    },
  ],
];

/** The language that a text speaks of most; a stated guess where it names none. */
export function detectStack(text: string): DetectedStack {
  let best: { stack: Stack; count: number } | null = null;
  for (const [pattern, stack] of stacks) {
    const count = text.match(pattern)?.length ?? 0;
    // Who writes TypeScript also says npm and Node, and means TypeScript all the same.
    const enough =
      best?.stack.name === 'TypeScript' && stack.name === 'JavaScript' ? Infinity : count;
    if (count > 0 && (best === null || (enough !== Infinity && count > best.count)))
      best = { stack, count };
  }
  if (best !== null) return { ...best.stack, guessed: false };
  const data = /\b(?:data ?sets?|csv|machine learning|statistics|notebook|scraper)\b/i.test(text);
  return { ...(data ? python : typescript), guessed: true };
}
