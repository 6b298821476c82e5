import { describe, expect, test } from 'vitest';
import type { AutorunKind, AutorunWork } from '../../../src/domain/autorun.ts';
import { findAutoruns } from '../../../src/gates/autorun/find-autoruns.ts';
import { movedFileText } from '../../../src/text/moved-file.ts';

type Files = Readonly<Record<string, string | null>>;
const task = { title: 'Write it', description: '', acceptance: [], files: [], result: null };

async function found(
  changes: Files,
  {
    before = {},
    allowed = [],
    ...asked
  }: { before?: Files; allowed?: readonly string[] } & Partial<AutorunWork['tasks'][number]> & {
      words?: string;
    } = {},
) {
  const { words, ...about } = asked;
  return findAutoruns(
    {
      changes: new Map(Object.entries(changes)),
      before: async (path) => before[path] ?? null,
      files: async () => new Set(Object.keys(before)),
      tasks: [{ ...task, ...about }],
      words,
    },
    allowed,
  );
}
const kindsIn = async (...given: Parameters<typeof found>): Promise<AutorunKind[]> =>
  (await found(...given)).map(({ kind }) => kind);

const json = (value: unknown): string => JSON.stringify(value);
const scripts = (of: Record<string, string>): string => json({ name: 'x', scripts: of });

describe('what runs by where it stands', () => {
  const places: Partial<Record<AutorunKind, string>> = {
    ci: `.github/workflows/ci.yml .GitHub/Workflows/CI.yml .github/actions/a/action.yml action.yml
      .gitea/workflows/x.yaml .forgejo/workflows/x.yaml .gitlab-ci.yml lib/.gitlab-ci.yml
      .circleci/config.yml azure-pipelines.yml azure-pipelines-release.yaml Jenkinsfile ci/Jenkinsfile.release
      .travis.yml bitbucket-pipelines.yml .buildkite/pipeline.yml .drone.yml .drone.star .woodpecker.yml
      .woodpecker/test.yaml appveyor.yml .appveyor.yml .cirrus.yml .semaphore/semaphore.yml .teamcity/settings.kts
      .builds/alpine.yml .build.yml cloudbuild.yaml buildspec.yml netlify.toml vercel.json`,
    hook: `.husky/pre-commit .husky/_/husky.sh .githooks/commit-msg githooks/x.sh lefthook.yml .lefthook/pre-push/a.sh
      .pre-commit-config.yaml .pre-commit-hooks.yaml tools/hooks/pre-push scripts/post-checkout hooks/update
      .lintstagedrc.json lint-staged.config.mjs .simple-git-hooks.json .hg/hgrc PRE-COMMIT`,
    shell: `.envrc sub/.envrc mise.toml .mise.local.toml .mise/tasks/x .config/mise/config.toml .bashrc home/.zshenv
      .profile .inputrc etc/profile.d/x.sh config.fish devbox.json`,
    agent: `AGENTS.md packages/a/AGENTS.md claude.md .claude/settings.json .claude/commands/x.md .mcp.json .vscode/mcp.json
      .cursor/rules/a.mdc .cursorrules .github/copilot-instructions.md .github/instructions/a.instructions.md
      .github/prompts/x.prompt.md GEMINI.md .gemini/settings.json .codex/config.toml .aider.conf.yml .clinerules
      .clinerules/a.md .roo/rules.md .windsurfrules .junie/guidelines.md .kiro/hooks/a.json opencode.json
      blueprint.config.ts`,
    editor: `.vscode/tasks.json .vscode/settings.json .vscode/launch.json pkg/.vscode/tasks.json
      x.code-workspace .idea/workspace.xml .idea/runConfigurations/a.xml .run/a.run.xml .zed/tasks.json .fleet/run.json
      .devcontainer/devcontainer.json .devcontainer/setup.sh .devcontainer.json .gitpod.yml .vimrc .exrc .nvim.lua
      .vim/plugin/x.vim .dir-locals.el .helix/languages.toml .luarc.json a.sublime-project`,
    install: `setup.py pkg/setup.py build.rs crates/a/build.rs binding.gyp ext/a/extconf.rb gradlew
      gradle/wrapper/gradle-wrapper.properties mvnw .mvn/extensions.xml Directory.Build.targets src/Directory.Build.props`,
    packages: `.npmrc packages/a/.npmrc .yarnrc.yml .yarn/releases/yarn-4.cjs .yarn/plugins/x.cjs .pnp.cjs
      .pnpmfile.cjs bunfig.toml pip.conf .bundle/config .cargo/config.toml crates/a/.cargo/config nuget.config NuGet.Config`,
    git: '.gitmodules .gitconfig sub/.gitmodules .lfsconfig',
    startup: `sitecustomize.py lib/usercustomize.py evil.pth .gdbinit .lldbinit .Rprofile .irbrc .pdbrc`,
    system: `deploy/app.service app.timer crontab etc/cron.d/x Library/LaunchAgents/a.plist .config/autostart/x.desktop
      autorun.inf`,
  };
  const rows = Object.entries(places).flatMap(([kind, paths]) =>
    paths.split(/\s+/).map((path) => [kind as AutorunKind, path] as const),
  );

  test('every place, new or changed', async () => {
    const seen = [];
    for (const [, path] of rows) {
      const [one] = await kindsIn({ [path]: 'a\n' });
      const [other] = await kindsIn({ [path]: 'b\n' }, { before: { [path]: 'a\n' } });
      seen.push([one === other ? one : [one, other], path]);
    }
    expect(seen).toEqual(rows);
  });

  test('not what is as it was, nor what goes and held nothing back', async () => {
    expect(await kindsIn({ '.envrc': 'a' }, { before: { '.envrc': 'a' } })).toEqual([]);
    expect(await kindsIn({ '.husky/pre-commit': null })).toEqual([]);
    expect(await kindsIn({ '.npmrc': null, '.claude/settings.json': null })).toEqual([
      'agent',
      'packages',
    ]);
  });

  test('what only looks like it', async () => {
    const paths =
      `README.md src/hooks/useX.ts src/hooks/index.ts docs/pre-commit/readme.md src/pre-commit.ts
      .github/ISSUE_TEMPLATE/bug.md .github/CODEOWNERS .github/dependabot.yml .github/pull_request_template.md
      templates/.github/workflows/ci.yml src/workflows/build.yml .gitignore .editorconfig .nvmrc .tool-versions .env
      .env.example .vscode/extensions.json .vscode/x.code-snippets .idea/codeStyles/Project.xml src/agents/agent.ts
      src/claude.ts docs/claude.html src/user.service.ts src/app/build.ts src/setup.ts src/config.ts tests/conftest.py
      conftest.py Dockerfile compose.yaml Makefile tsconfig.json eslint.config.js .prettierrc .dockerignore
      go.mod Gemfile pom.xml build.gradle src/profile.tsx src/install.ts lib/HEAD objects/a.js refs/b.js
      config/app.json info/about.md src/husky.ts a.py.txt src/agents.mdx docs/vscode/tasks.json src/git-hooks.test.ts
      src/cron.ts bin/tool.js scripts/release.mjs`.split(/\s+/);
    const changes = Object.fromEntries(paths.map((path) => [path, 'text\n']));
    expect(await found(changes)).toEqual([]);
  });
});

describe('parts of manifests', () => {
  const plain = { 'package.json': scripts({ test: 'vitest', build: 'tsc' }) };
  test.each<[string, string, string, string, AutorunKind[]]>([
    [
      'a script at install',
      'package.json',
      plain['package.json'],
      scripts({ postinstall: 'node x' }),
      ['install'],
    ],
    [
      'with a byte order mark',
      'a/package.json',
      '',
      `\ufeff${scripts({ preinstall: 'x' })}`,
      ['install'],
    ],
    [
      'another command',
      'package.json',
      scripts({ prepare: 'husky' }),
      scripts({ prepare: 'evil' }),
      ['install'],
    ],
    [
      'a script that it calls',
      'package.json',
      scripts({ prepare: 'npm run build', build: 'tsc' }),
      scripts({ prepare: 'npm run build', build: 'tsc && evil' }),
      ['install'],
    ],
    [
      'one before that',
      'package.json',
      scripts({ prepare: 'npm run build', build: 'tsc' }),
      scripts({ prepare: 'npm run build', build: 'tsc', prebuild: 'evil' }),
      ['install'],
    ],
    [
      'commands at commits',
      'package.json',
      '{}',
      json({ 'simple-git-hooks': { 'pre-commit': 'x' }, 'lint-staged': { '*': 'y' } }),
      ['hook', 'hook'],
    ],
    [
      'packages that may run scripts',
      'package.json',
      '{}',
      json({ trustedDependencies: ['a'], pnpm: { onlyBuiltDependencies: ['b'] } }),
      ['packages', 'packages'],
    ],
    [
      'a package manager by address',
      'package.json',
      '{}',
      json({ packageManager: 'yarn@https://a.example/y.js' }),
      ['packages'],
    ],
    [
      'scripts of Composer',
      'composer.json',
      '{}',
      json({ scripts: { 'post-install-cmd': 'x', test: 'y' } }),
      ['install'],
    ],
    [
      'plugins of Composer',
      'composer.json',
      '{}',
      json({ config: { 'allow-plugins': true } }),
      ['packages'],
    ],
    [
      'a build backend in the tree',
      'pyproject.toml',
      '',
      '[build-system]\nbuild-backend = "b"\nbackend-path = ["."]\n',
      ['install'],
    ],
    [
      'hooks of hatch',
      'pyproject.toml',
      '',
      '[tool.hatch.build.targets.wheel.hooks.custom]\npath = "h.py"\n',
      ['install'],
    ],
    [
      'a command class',
      'setup.cfg',
      '',
      '[options]\ncmdclass =\n  build = evil.Build\n',
      ['install'],
    ],
    [
      'another build script of cargo',
      'Cargo.toml',
      '',
      '[package]\nname = "a"\nbuild = "x.rs"\n',
      ['install'],
    ],
    [
      'what pnpm builds',
      'pnpm-workspace.yaml',
      '',
      'packages: [a]\nonlyBuiltDependencies: [b]\n',
      ['packages'],
    ],
    [
      'drivers of git',
      '.gitattributes',
      '* text=auto\n',
      '* text=auto\n*.c filter=x diff=y\n',
      ['git', 'git'],
    ],
    ['drivers by a macro', 'sub/.gitattributes', '', '[attr]all merge=x\n', ['git']],
    [
      'packages of npm by address',
      'package.json',
      json({ dependencies: { a: '1' } }),
      json({
        dependencies: { a: 'https://x.example/a.tgz' },
        devDependencies: { b: 'c/d#e', f: 'git+ssh://g/h' },
      }),
      ['packages', 'packages', 'packages'],
    ],
    [
      'packages of pip by address, and another index',
      'requirements-dev.txt',
      'a==1\n',
      'a @ https://x.example/a.whl\ngit+https://x.example/b\n--index-url https://x.example\n',
      ['packages', 'packages', 'packages'],
    ],
    [
      'indexes and addresses of Python’s tools',
      'pyproject.toml',
      '',
      '[project]\ndependencies = ["a @ git+https://x.example/a"]\n[[tool.uv.index]]\nurl = "https://x.example"\n',
      ['packages', 'packages'],
    ],
    [
      'packages of cargo by git, and patches',
      'Cargo.toml',
      '',
      '[dependencies]\na = { git = "https://x.example/a" }\n[patch.crates-io]\nb = { path = "b" }\n',
      ['packages', 'packages'],
    ],
    [
      'sources of gems',
      'Gemfile',
      'source "https://rubygems.org"\n',
      'source "https://x.example"\ngem "a", git: "https://x.example/a"\nplugin "b"\n',
      ['packages', 'packages', 'packages'],
    ],
    [
      'other repositories of Composer',
      'composer.json',
      '{}',
      json({ repositories: [] }),
      ['packages'],
    ],
    [
      'a manifest that cannot be read',
      'package.json',
      '{}',
      '{ "scripts": {"postinstall": "x",} }',
      ['install'],
    ],
    ['settings that cannot be read', 'pyproject.toml', '', '[[[\n', ['install']],
  ])('%s', async (_name, path, old, text, kinds) => {
    expect(await kindsIn({ [path]: text }, { before: { [path]: old } })).toEqual(kinds);
    // The same again is no change.
    expect(await kindsIn({ [path]: `${text} ` }, { before: { [path]: text } })).toEqual([]);
  });

  test.each([
    [
      'package.json',
      scripts({ test: 'a' }),
      json({ scripts: { test: 'b', dev: 'c' }, dependencies: { a: '2' } }),
    ],
    ['package.json', '', json({ packageManager: 'pnpm@10.1.0', bin: 'x.js', husky: undefined })],
    ['package.json', '{}', ' \n'],
    ['requirements.txt', '', '# -i x\nrequests>=2 # see https://a.example\nflask[async]==3.0\n'],
    ['Cargo.toml', '', '[dependencies]\na = "1"\nb = { path = "../b" }\n'],
    [
      'package.json',
      '{}',
      json({ dependencies: { '@a/b': '^1.0.0', c: 'workspace:*', d: 'npm:e@1', f: 'latest' } }),
    ],
    [
      'pyproject.toml',
      '',
      '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n',
    ],
    ['Cargo.toml', '', '[package]\nname = "a"\nversion = "1.0.0"\n'],
    ['.gitattributes', '', '# filter=x\n* text=auto eol=lf\n*.png binary\n'],
    ['pnpm-workspace.yaml', '', 'packages:\n  - a/*\n'],
    ['Gemfile', '', 'source "https://rubygems.org"\ngem "rails", "~> 8"\n'],
    ['composer.json', '{}', json({ require: { a: '1' }, scripts: { test: 'x' } })],
  ])('%s beside them is free', async (path, old, text) => {
    expect(await found({ [path]: text }, { before: { [path]: old } })).toEqual([]);
  });

  test('a file that a script at install starts', async () => {
    const before = {
      'package.json': scripts({ postinstall: 'node ./scripts/setup && echo done' }),
      'a/package.json': scripts({ prepare: 'npm run gen', gen: 'node gen.mjs' }),
    };
    const changes = {
      'scripts/setup.js': 'x',
      'a/gen.mjs': 'y',
      'gen.mjs': 'z',
      'scripts/b.js': '',
    };
    const autoruns = await found(changes, { before });
    expect(autoruns.map(({ path }) => path)).toEqual(['a/gen.mjs', 'scripts/setup.js']);
    expect(autoruns[1]?.says).toBe(
      'the script postinstall of package.json starts it at every install',
    );
  });
});

describe('other kinds', () => {
  test('new programs, not changed ones', async () => {
    const shebang = '#!/bin/sh\n';
    const changes = {
      'bin/x': shebang,
      'git.cmd': 'x',
      'a.PS1': 'y',
      'old.sh': `${shebang}# more\n`,
    };
    expect(await kindsIn(changes, { before: { 'old.sh': shebang } })).toEqual([
      'program',
      'program',
      'program',
    ]);
    expect(await kindsIn({ 'a.js': shebang }, { before: { 'a.js': 'x' } })).toEqual(['program']);
  });

  const head = 'ref: refs/heads/main\n';
  test.each<[string, Files, Files, string[]]>([
    [
      'at once',
      { 'a/HEAD': head, 'a/objects/x': '', 'a/refs/x': '', 'a/config': 'y' },
      {},
      ['a/HEAD', 'a/config', 'a/objects/x', 'a/refs/x'],
    ],
    [
      'the last part',
      { 'a/b/HEAD': head },
      { 'a/b/objects/x': '', 'a/b/refs/x': '' },
      ['a/b/HEAD'],
    ],
    [
      'its settings',
      { 'a/config': 'evil' },
      { 'a/HEAD': head, 'a/objects/x': '', 'a/refs/x': '' },
      ['a/config'],
    ],
    [
      'its hooks',
      { 'a/hooks/x': 'evil' },
      { 'a/HEAD': head, 'a/objects/x': '', 'a/refs/x': '' },
      ['a/hooks/x'],
    ],
    [
      'by a common folder',
      { 'a/head': head, 'a/CommonDir': '../b' },
      {},
      ['a/CommonDir', 'a/head'],
    ],
    ['at the root', { 'refs/x': '' }, { HEAD: head, 'objects/x': '' }, ['refs/x']],
    ['none without all parts', { 'a/HEAD': head, 'a/objects/x': '' }, { 'b/refs/x': '' }, []],
    [
      'none where a part goes',
      { 'a/HEAD': head, 'a/refs/x': null },
      { 'a/objects/x': '', 'a/refs/x': '' },
      [],
    ],
  ])('a git repository: %s', async (_name, changes, before, paths) => {
    const autoruns = await found(changes, { before });
    expect(autoruns.map(({ path }) => path)).toEqual(paths);
    expect(autoruns.every(({ kind }) => kind === 'repository')).toBe(true);
  });
});

describe('hostile replies', () => {
  test('take time by their length', async () => {
    const deep = `${'a/'.repeat(60)}${'b'.repeat(800)}`;
    const many = Array.from({ length: 2_000 }, (_, index) => [`${index}/${deep}`, 'x'] as const);
    let reads = 0;
    const autoruns = await findAutoruns(
      {
        changes: new Map([...many, ['.envrc', 'x']]),
        before: async () => {
          reads += 1;
          return null;
        },
        files: async () => new Set(),
        tasks: [task],
      },
      [],
    );
    expect(autoruns.map(({ path }) => path)).toEqual(['.envrc']);
    expect(reads).toBeLessThan(2_500);
  });

  test('manifests that are too large are told as such', async () => {
    const text = scripts({ test: 'x'.repeat(600_000) });
    expect(await kindsIn({ 'package.json': text })).toEqual(['install']);
  });

  test('scripts that call each other come to an end', async () => {
    const call = 'npm run a b '.repeat(5_000);
    const before = { 'package.json': scripts({ prepare: call, a: call, b: 'npm run a' }) };
    expect(await found({ 'x.js': 'x' }, { before })).toEqual([]);
  });
});

describe('who wants it so', () => {
  const hook = { '.husky/pre-commit': 'npm test\n' };
  const postinstall = { 'package.json': scripts({ postinstall: 'x' }) };
  const prepare = { 'package.json': scripts({ prepare: 'x' }) };
  test.each<[string, Files, Parameters<typeof found>[1]]>([
    ['a listed file', hook, { files: ['.husky/pre-commit'] }],
    ['in another case', hook, { files: ['.Husky/Pre-Commit'] }],
    ['a listed folder', hook, { files: ['.husky'] }],
    ['a path in the title', hook, { title: 'Add .husky/pre-commit' }],
    ['in the description', hook, { description: 'Let `./.husky/pre-commit` run the tests.' }],
    [
      'in what is accepted',
      hook,
      { acceptance: ['"/x" is gone; .husky/pre-commit, runs npm test'] },
    ],
    ['its folder', hook, { description: 'Put hooks into .husky/.' }],
    ['its folder as a pattern', hook, { description: 'All of (.husky/**) is yours.' }],
    ['words of a person', hook, { words: '# x\n\nWrite .husky/pre-commit' }],
    ['a key by its name', postinstall, { description: 'Run it in postinstall.' }],
    ['a key that is a word, quoted', prepare, { title: 'Add a `prepare` script' }],
    ['or called a script', prepare, { title: 'Build in the prepare script' }],
    [
      'attributes, as the file',
      { '.gitattributes': '*.c filter=x\n' },
      { files: ['.gitattributes'] },
    ],
  ])('the task, by %s', async (_name, changes, asked) => {
    expect((await found(changes, asked)).map(({ permittedBy }) => permittedBy)).toEqual(['task']);
  });

  test.each<[string, Files, Parameters<typeof found>[1]]>([
    ['nothing', hook, {}],
    ['a no', hook, { description: 'Do not touch .husky/pre-commit.' }],
    ['a no in German', hook, { description: '.husky/pre-commit bleibt, ohne Ausnahme' }],
    ['another file', hook, { files: ['.husky/pre-push', 'src/.husky/pre-commit'] }],
    ['a longer name', hook, { description: 'Write docs/.husky/pre-commit.md' }],
    ['a manifest that is listed', postinstall, { files: ['package.json'] }],
    ['a key that is a word', prepare, { description: 'Prepare the data.' }],
    [
      'a folder that is a word',
      { 'scripts/x': '#!/bin/sh\n' },
      { description: 'Write scripts well.' },
    ],
    ['a pattern for others', hook, { allowed: ['.github/', '/pre-commit'] }],
  ])('nobody: %s', async (_name, changes, asked) => {
    expect((await found(changes, asked)).map(({ permittedBy }) => permittedBy)).toEqual([null]);
  });

  test('the config, by patterns', async () => {
    for (const allowed of [['.husky/**'], ['.husky/'], ['*'], ['*.x', 'pre-commit']])
      expect((await found(hook, { allowed })).map(({ permittedBy }) => permittedBy)).toEqual([
        'config',
      ]);
  });
});

test('a manifest that is no text cannot be looked through under its new name', async () => {
  const pointer = movedFileText({ from: 'a.bin', sha256: '0'.repeat(64) });
  for (const path of ['package.json', 'requirements.txt'])
    expect(await found({ 'a.bin': null, [path]: pointer })).toMatchObject([
      { path, kind: 'install', sha256: '0'.repeat(64), permittedBy: null },
    ]);
  expect(await found({ 'a.bin': null, 'img/a.png': pointer })).toEqual([]);
});

describe('what workflows and hooks call', () => {
  const workflow = [
    'on:',
    '  push:',
    '    paths:',
    '      - scripts/watched.sh',
    'jobs:',
    '  a:',
    '    steps:',
    '      - run: ./scripts/release.sh --dry',
    '      - run: |',
    '          npm ci && node scripts/pack.js',
    '          python3 -u tools/check.py | tee log',
    '          bash "${{ github.workspace }}/ci/deploy"',
    '          node --test test/all.js',
    '          node src/smoke.js',
    '          npm run build',
    '      - uses: actions/upload-artifact@v4',
    '        with:',
    '          path: scripts/kept.sh',
    '      # ./scripts/old.sh',
    '      - working-directory: docs',
    '        run: sh build.sh',
  ].join('\n');
  const before = {
    '.github/workflows/ci.yml': workflow,
    '.husky/pre-commit': 'npm run -s guard\nnode tools/lint.mjs',
    '.envrc': 'source ./env.sh',
    'package.json': scripts({ guard: 'tsx tools/guard.ts', build: 'node tools/build.js' }),
  };

  test.each([
    ['scripts/release.sh', 'ci', '.github/workflows/ci.yml:8'],
    ['scripts/pack.js', 'ci', '.github/workflows/ci.yml:10'],
    ['tools/check.py', 'ci', '.github/workflows/ci.yml:11'],
    ['ci/deploy', 'ci', '.github/workflows/ci.yml:12'],
    ['docs/build.sh', 'ci', '.github/workflows/ci.yml:21'],
    ['tools/guard.ts', 'hook', '.husky/pre-commit:1 (npm run guard)'],
    ['tools/lint.mjs', 'hook', '.husky/pre-commit:2'],
    ['env.sh', 'shell', '.envrc:1'],
  ])('%s, when it is made or changed', async (path, kind, by) => {
    const text = path === 'ci/deploy' ? '#!/bin/sh\necho\n' : 'echo\n';
    const said = { path, kind, says: `called by ${by}`, permittedBy: null };
    expect(await found({ [path]: text }, { before })).toMatchObject([said]);
    const changed = { before: { ...before, [path]: `${text}one\n` } };
    expect(await found({ [path]: text }, changed)).toMatchObject([said]);
    expect(await found({ [path]: text }, { ...changed, files: [path] })).toMatchObject([
      { path, permittedBy: 'task' },
    ]);
  });

  test('not what tests, builds and other sources are', async () => {
    const quiet = [
      'test/all.js',
      'src/smoke.js',
      'tools/build.js',
      'scripts/old.sh',
      'a/env.sh',
      'scripts/watched.sh',
      'scripts/kept.sh',
    ];
    for (const path of quiet) expect(await found({ [path]: 'echo\n' }, { before })).toEqual([]);
    expect(await found({ 'scripts/release.sh': null }, { before })).toEqual([]);
  });

  test.each([
    'pnpm build',
    'run-s build',
    'npm -s run build',
    'npm run "build"',
    'concurrently "npm run build"',
  ])('and by an install that says «%s»', async (prepare) => {
    const old = { 'package.json': scripts({ prepare, build: 'tsc' }) };
    const changes = { 'package.json': scripts({ prepare, build: 'tsc && evil' }) };
    expect(await found(changes, { before: old })).toMatchObject([{ kind: 'install' }]);
  });

  test.each([
    'npm run -s guard',
    'npx --no -- pnpm run guard && true',
    'npm --prefix . run guard',
    'yarn guard --quiet',
    'npm-run-all lint guard',
    'run-p lint guard',
    'bun run guard',
    '["npm", "run", "guard"]',
    'if ! npm run "guard"; then exit 1; fi',
  ])('by a hook that says «%s»', async (line) => {
    const calls = { ...before, '.husky/pre-commit': line };
    expect(await found({ 'tools/guard.ts': 'echo\n' }, { before: calls })).toMatchObject([
      { path: 'tools/guard.ts', kind: 'hook' },
    ]);
  });

  test('by what the work itself makes, too', async () => {
    const changes = { 'x.sh': 'echo\n', '.githooks/pre-push': 'exec sh x.sh\n' };
    expect(await found(changes)).toMatchObject([
      { path: '.githooks/pre-push' },
      { path: 'x.sh', kind: 'hook', says: 'called by .githooks/pre-push:1' },
    ]);
  });
});
