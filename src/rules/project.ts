/** What an existing project's own files say about it. */
export interface ProjectStack {
  readonly language:
    | 'TypeScript'
    | 'JavaScript'
    | 'Python'
    | 'Go'
    | 'Rust'
    | 'Java'
    | 'Ruby'
    | 'PHP';
  /** The manifest that says so. */
  readonly manifest: string;
  /** Null where the manifest names none. */
  readonly testCommand: string | null;
  /** Folders, with a slash at the end; null where none is there yet. */
  readonly sources: string | null;
  readonly tests: string | null;
}

/** A project's root: a file's text, null for none, and which folders are there. */
export interface ProjectLook {
  readonly read: (path: string) => Promise<string | null>;
  readonly hasFolder: (path: string) => Promise<boolean>;
}

/** Where several are there, the first says what the project is. */
const manifests = [
  ['package.json', 'JavaScript'],
  ['pyproject.toml', 'Python'],
  ['setup.py', 'Python'],
  ['requirements.txt', 'Python'],
  ['go.mod', 'Go'],
  ['Cargo.toml', 'Rust'],
  ['pom.xml', 'Java'],
  ['build.gradle', 'Java'],
  ['build.gradle.kts', 'Java'],
  ['Gemfile', 'Ruby'],
  ['composer.json', 'PHP'],
] as const;

/** The language, test command and folders of the project that the work is for; null for a new one. */
export async function stackOfProject(look: ProjectLook): Promise<ProjectStack | null> {
  // A package.json beside another manifest as a rule only holds tools.
  const found: { manifest: string; language: ProjectStack['language']; text: string }[] = [];
  for (const [manifest, language] of manifests) {
    const text = await look.read(manifest);
    if (text !== null) found.push({ manifest, language, text });
  }
  const [first] = found.filter(({ manifest, text }) => manifest !== 'package.json' || isCode(text));
  const chosen = first ?? found[0];
  if (chosen === undefined) return null;
  const { manifest, text } = chosen;
  const isTyped =
    manifest === 'package.json' &&
    ((await look.read('tsconfig.json')) !== null || /"typescript"\s*:/.test(text));
  const language = isTyped ? 'TypeScript' : chosen.language;
  return {
    language,
    manifest,
    testCommand: manifest === 'package.json' ? await npmTest(text, look) : null,
    sources: await firstFolder(look, sourceFolders(language, text)),
    tests: await firstFolder(look, ['tests', 'test', '__tests__', 'spec']),
  };
}

/** Whether it describes a package, not tools for another language's project alone. */
function isCode(text: string): boolean {
  return /"(?:main|module|exports|bin|type|dependencies)"\s*:/.test(text);
}

async function npmTest(text: string, { read }: ProjectLook): Promise<string | null> {
  if (!/"scripts"\s*:\s*\{[^}]*"test"\s*:/.test(text)) return null;
  if ((await read('pnpm-lock.yaml')) !== null) return 'pnpm test';
  return (await read('yarn.lock')) === null ? 'npm test' : 'yarn test';
}

function sourceFolders(language: ProjectStack['language'], text: string): string[] {
  if (language !== 'Python') return ['src', 'lib', 'app'];
  const name = /^\s*name\s*=\s*["']([\w.-]+)["']/m.exec(text)?.[1]?.replace(/[-.]/g, '_');
  return name === undefined ? ['src'] : [`src/${name}`, name, 'src'];
}

async function firstFolder(look: ProjectLook, names: readonly string[]): Promise<string | null> {
  for (const name of names) if (await look.hasFolder(name)) return `${name}/`;
  return null;
}
