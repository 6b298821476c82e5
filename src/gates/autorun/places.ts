import type { AutorunKind } from '../../domain/autorun.ts';
import { pathKey } from '../../domain/safe-path.ts';

/** Files that something runs, loads or obeys because of where they stand. */
interface Place {
  readonly kind: AutorunKind;
  readonly says: string;
  /**
   * In lower case: of a file, or with `/` at the end of a folder with all that is in it; at any depth, or with
   * `/` at the front below the root alone. `*` stands for any text of one name.
   */
  readonly paths: readonly string[];
  /** Of these, what is harmless. */
  readonly except?: readonly string[];
  /** Also that such a file goes changes what runs: it held settings that keep others back. */
  readonly guards?: true;
}

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** The first that fits names a file. */
const places: readonly Place[] = [
  {
    kind: 'ci',
    says: 'runs on servers at every push or on a timetable, with the secrets of the project',
    paths: words(`
      /.github/workflows/ /.github/actions/ /action.yml /action.yaml /.gitea/workflows/
      /.gitea/actions/ /.forgejo/workflows/ /.forgejo/actions/ .gitlab-ci.yml .gitlab-ci.yaml
      *.gitlab-ci.yml /.gitlab-ci/ /.gitlab/ci/ /.circleci/ azure-pipelines*.yml
      azure-pipelines*.yaml /.azure-pipelines/ /.azuredevops/ /.azure/pipelines/ /.vsts-ci.yml
      jenkinsfile jenkinsfile.* *.jenkinsfile /.travis.yml /.travis.yaml
      /bitbucket-pipelines.yml /.buildkite/ /buildkite.yml /.drone.yml /.drone.yaml
      /.drone.jsonnet /.drone.star /.woodpecker.yml /.woodpecker.yaml /.woodpecker/
      /appveyor.yml /.appveyor.yml /.appveyor/ /.cirrus.yml /.cirrus.star /.semaphore/
      /.teamcity/ /.tekton/ /.builds/ /.build.yml /.zuul.yaml /.zuul.yml /.zuul.d/ /zuul.d/
      /wercker.yml /shippable.yml /codefresh.yml /.codefresh/ /bitrise.yml /codemagic.yaml
      /screwdriver.yaml /.harness/ /.evergreen.yml /.space.kts /.onedev-buildspec.yml
      /cloudbuild.yaml /cloudbuild.yml /cloudbuild.json /buildspec.yml /buildspec.yaml
      /amplify.yml /netlify.toml /vercel.json /render.yaml /.readthedocs.yml
      /.readthedocs.yaml /.copr/ /.packit.yaml
    `),
  },
  {
    kind: 'hook',
    says: 'git, or what stands behind its hooks, runs it at commits, pushes and checkouts',
    paths: words(`
      .husky/ .huskyrc* husky.config.* .githooks/ .git-hooks/ githooks/ git-hooks/ lefthook.*
      .lefthook.* lefthook-local.* .lefthook/ .lefthook-local/ .pre-commit-config.yaml
      .pre-commit-config.yml .pre-commit-hooks.yaml .overcommit.yml .overcommit/
      .git-hooks.yml prek.toml .simple-git-hooks.* simple-git-hooks.* .nano-staged.*
      .nanostagedrc .lintstagedrc .lintstagedrc.* lint-staged.config.* .captainhook*
      captainhook.json grumphp.yml .hg/ .hgrc .jj/ applypatch-msg pre-applypatch
      post-applypatch pre-commit pre-merge-commit prepare-commit-msg commit-msg post-commit
      pre-rebase post-checkout post-merge pre-push pre-receive proc-receive post-receive
      post-update reference-transaction push-to-checkout pre-auto-gc post-rewrite
      sendemail-validate fsmonitor-watchman post-index-change hooks/update
    `),
  },
  {
    kind: 'shell',
    says: 'a shell runs it when it starts, or when somebody enters the folder',
    paths: words(`
      .envrc .envrc.* .direnvrc .direnv/ direnv.toml mise.toml .mise.toml mise.*.toml
      .mise.*.toml mise/config.toml .mise/ .config/mise.toml .config/mise/ .rtx.toml .asdfrc
      .autoenv.zsh .autoenv_leave.zsh .autoenv devbox.json .flox/ .bashrc .bash_profile
      .bash_login .bash_logout .bash_aliases .profile .zshrc .zshenv .zprofile .zlogin
      .zlogout .kshrc .mkshrc .cshrc .tcshrc .login .logout .inputrc .xprofile .xinitrc
      .xsession config.fish fish/conf.d/ profile.d/ microsoft.powershell_profile.ps1
      .tmux.conf .screenrc
    `),
  },
  {
    kind: 'agent',
    says: 'coding agents obey it, or start what it names',
    paths: words(`
      agents.md agent.md agents.override.md .agents/ .agent/ claude.md claude.local.md
      .claude/ .claude.json .claude-plugin/ .mcp.json mcp.json .mcp/ .cursor/ .cursorrules
      .windsurf/ .windsurfrules .codeium/ .github/copilot-instructions.md
      .github/instructions/ .github/prompts/ .github/chatmodes/ .github/agents/
      .github/copilot/ .copilot/ gemini.md .gemini/ qwen.md .qwen/ .codex/ .aider* .aider*/
      .clinerules .clinerules/ .clinerules-* .cline/ .roo/ .roorules* .roomodes .kilocode/
      .kilocodemodes .continue/ .continuerc.json .continuerules .opencode/ opencode.json
      opencode.jsonc .junie/ .kiro/ .amazonq/ .augment/ .augment-guidelines .goosehints
      .goose/ .trae/ .rules .crush.json crush.json crush.md .factory/ .openhands/
      .openhands_instructions .tabnine/ .sourcegraph/ warp.md .replit.md blueprint.config.*
    `),
    guards: true,
  },
  {
    kind: 'editor',
    says: 'an editor that opens the folder runs it, or starts what it names',
    paths: words(`
      .vscode/ *.code-workspace .idea/ .run/*.run.xml *.iml .fleet/ .zed/ .devcontainer/
      .devcontainer.json .gitpod.yml .gitpod.dockerfile .gitpod/ .ona/ .replit replit.nix
      .idx/ .codesandbox/ .stackblitzrc *.sublime-project *.sublime-workspace .vimrc _vimrc
      .gvimrc .exrc _exrc .nexrc .nvimrc .nvim.lua .vim/ .nvim/ .lvimrc .local.vimrc
      .vimspector.json .neoconf.json .dir-locals.el .dir-locals-2.el .emacs .emacs.d/ .kakrc
      .helix/ .lapce/ .theia/ .kateproject .luarc.json .luarc.jsonc rust-analyzer.toml
      .rust-analyzer.toml .project .settings/ .externaltoolbuilders/ nbproject/ *.xcscheme
    `),
    except: words(`
      .vscode/extensions.json .vscode/*.code-snippets .idea/codestyles/ .idea/copyright/
      .idea/dictionaries/ .idea/inspectionprofiles/ .idea/.gitignore .devcontainer/*.md
    `),
  },
  {
    kind: 'install',
    says: 'runs when the project is installed or built',
    paths: words(`
      setup.py hatch_build.py build.rs binding.gyp extconf.rb rubygems_plugin.rb setup.hs
      setup.lhs package.json5 package.yaml gradlew gradlew.bat gradle/wrapper/ init.gradle
      init.gradle.kts init.d/*.gradle* mvnw mvnw.cmd .mvn/ directory.build.props
      directory.build.targets directory.build.rsp directory.solution.props
      directory.solution.targets before.*.sln.targets after.*.sln.targets msbuild.rsp
    `),
  },
  {
    kind: 'packages',
    says: 'settings of a package manager: where packages come from, and what runs with them',
    paths: words(`
      .npmrc .yarnrc .yarnrc.yml .yarn/plugins/ .yarn/releases/ .yarn/sdks/ .pnp.* .pnpmfile.*
      pnpmfile.* bunfig.toml .bunfig.toml pip.conf pip.ini .pip/ .pypirc .pydistutils.cfg
      uv.toml poetry.toml .condarc .gemrc .bundle/ .cargo/config .cargo/config.toml
      .cargo/credentials* nuget.config .config/dotnet-tools.json .netrc _netrc
    `),
    guards: true,
  },
  {
    kind: 'git',
    says: 'settings of git, which can name commands and other repositories',
    paths: words(`.gitmodules .gitconfig .lfsconfig gitconfig .config/git/`),
  },
  {
    kind: 'startup',
    says: 'an interpreter or a debugger loads it when it starts',
    paths: words(`
      sitecustomize.py usercustomize.py *.pth *._pth pyvenv.cfg .pythonrc .pythonrc.py
      .pythonstartup .pdbrc .pdbrc.py .gdbinit .lldbinit .lldbinit-* .irbrc .pryrc .rprofile
      .renviron .octaverc .perldb .ghci .ocamlinit .sbclrc .user.ini .htaccess .iex.exs
    `),
  },
  {
    kind: 'system',
    says: 'the system starts it, or what it names, by itself',
    paths: words(`
      *.service *.timer *.socket *.automount crontab *.crontab .crontab cron.d/ cron.daily/
      cron.hourly/ cron.weekly/ cron.monthly/ launchagents/ launchdaemons/ autostart/ init.d/
      rules.d/*.rules autorun.inf desktop.ini
    `),
  },
];

interface Matcher {
  readonly place: Place;
  readonly paths: RegExp;
  readonly except: RegExp | null;
}

let matchers: readonly Matcher[] | undefined;

/** Where a file stands that something runs by itself; null for any other. */
export function placeOf(path: string): Pick<Place, 'kind' | 'says' | 'guards'> | null {
  matchers ??= places.map((place) => ({
    place,
    paths: patternOf(place.paths),
    except: place.except === undefined ? null : patternOf(place.except),
  }));
  const key = foldedPath(path);
  const found = matchers.find(({ paths, except }) => paths.test(key) && except?.test(key) !== true);
  return found?.place ?? null;
}

/** One spelling for names that some file systems take for the same. */
export function foldedPath(path: string): string {
  return pathKey(path.normalize('NFKC'));
}

function patternOf(paths: readonly string[]): RegExp {
  const [root, anywhere] = [true, false].map((isAtRoot) =>
    paths.filter((path) => path.startsWith('/') === isAtRoot).map(namePattern),
  );
  // The folders above are passed once, not for each name: a path may be long.
  return new RegExp(
    `^(?:${[...(root ?? []), `(?:.*/)?(?:${(anywhere ?? []).join('|')})`].join('|')})$`,
    's',
  );
}

function namePattern(path: string): string {
  const name = path
    .replace(/^\//, '')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^/]*');
  return path.endsWith('/') ? `${name}.+` : name;
}
