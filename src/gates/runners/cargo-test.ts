import type { SandboxRun } from '../../sandbox/sandbox.ts';
import {
  emptyReport,
  filesWith,
  mountOf,
  plainPlan,
  programMissing,
  relativeTo,
  type Detect,
  type ProjectView,
  type TestFailure,
  type TestReport,
} from './runner.ts';

const testAttribute = /^\s*#\[(?:\w+::)*test\b/m;

/** `cargo test`, where a Rust file of the project has a test. Packages come from the host's registry alone. */
export const cargoTest: Detect = async ({ project, host, tools, has }) => {
  if (!project.files.has('Cargo.toml')) return [];
  const rust = [...project.files].filter((path) => path.endsWith('.rs'));
  if ((await filesWith(project, rust, testAttribute)).length === 0) return [];
  if (!(await has('cargo'))) return [programMissing('cargo test', 'cargo', 'Rust')];
  const home = `${tools}/cargo`;
  const plan = {
    ...plainPlan,
    runner: 'cargo test',
    expected: [],
    command: ['cargo', 'test', '--offline', '--no-fail-fast', '--color', 'never'],
    env: {
      CARGO_HOME: home,
      CARGO_TERM_COLOR: 'never',
      CARGO_INCREMENTAL: '0',
      RUST_BACKTRACE: '0',
    },
    mounts: mountOf(await host.cargoRegistry(), `${home}/registry`),
    // Its folder must be there before something is mounted below it.
    files: new Map([[`${home}/config.toml`, '[net]\noffline = true\n']]),
    read: (run: SandboxRun) => readCargo(run, project),
  };
  return [plan];
};

/** The text that libtest prints: there is no stable machine-readable form of it. */
function readCargo({ stdout, stderr }: SandboxRun, project: ProjectView): TestReport {
  const relative = relativeTo(project);
  const broken = environmentFault(stderr);
  const started = [...stdout.matchAll(/^running (\d+) tests?$/gm)];
  const ended = [
    ...stdout.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored;/gm),
  ];
  const sum = (column: number): number =>
    ended.reduce((total, match) => total + Number(match[column] ?? 0), 0);
  const announced = started.reduce((total, match) => total + Number(match[1] ?? 0), 0);
  const [passed, failed, skipped] = [sum(1), sum(2), sum(3)];
  const failures = [...panics(stdout, relative), ...compileErrors(stderr, relative)];
  return {
    ...emptyReport,
    // What ends the process in the midst of its tests leaves out its result, or some of it.
    complete:
      started.length > 0 &&
      started.length === ended.length &&
      announced === passed + failed + skipped,
    passed,
    failed,
    skipped,
    files: null,
    tests: null,
    failures,
    broken,
  };
}

/** Packages that are not there, without a network: no word on the work. */
function environmentFault(stderr: string): string | null {
  const fault =
    /^error: (?:no matching package named .*|failed to (?:get|download|load source for dependency) .*|linker `.*` not found|rustup could not choose .*)$/m.exec(
      stderr,
    );
  return fault === null ? null : fault[0].replace(/^error: /, '');
}

function panics(stdout: string, relative: (path: string) => string | null): TestFailure[] {
  const sections = [
    ...stdout.matchAll(/^---- (.+?) stdout ----\n([\s\S]*?)(?=^---- |^failures:$)/gm),
  ];
  return sections.map(([, name = '', text = '']) => {
    const place = /panicked at (?:'[\s\S]*?', )?([^\s:]+\.rs):(\d+)/.exec(text);
    return {
      name,
      file: place === null ? null : relative(place[1] ?? ''),
      line: place === null ? null : Number(place[2]),
      // The thread's number differs from run to run.
      text: assertionFirst(text.replace(/^thread '(.+?)' \(\d+\) /gm, "thread '$1' ").trim()),
    };
  });
}

function assertionFirst(text: string): string {
  const lines = text.split('\n').filter((line) => !line.startsWith('note: run with `RUST_'));
  const [first = '', ...rest] = lines;
  return first.startsWith('thread ') && rest.length > 0 ? [...rest, first].join('\n') : text;
}

function compileErrors(stderr: string, relative: (path: string) => string | null): TestFailure[] {
  const blocks = stderr.split(/\n\n+/).filter((block) => /^error(?:\[\w+\])?: /m.test(block));
  return blocks.flatMap((block) => {
    const place = /^\s*--> (.+?):(\d+):\d+$/m.exec(block);
    if (place === null) return [];
    return [
      {
        name: 'compiling',
        file: relative(place[1] ?? ''),
        line: Number(place[2]),
        text: block.slice(block.search(/^error(?:\[|:)/m)).trim(),
      },
    ];
  });
}
