import { posix } from 'node:path';
import * as z from 'zod';
import { pathsEnding } from '../../files/by-ending.ts';
import { byHand } from './by-hand.ts';
import { manifestRuns, type ManifestRun } from './manifest-runs.ts';
import { reportFolder } from './node-wrapper.ts';
import { runnerIn } from './changed-runs.ts';
import {
  emptyReport,
  filesWith,
  mountOf,
  plainPlan,
  programMissing,
  relativeFrom,
  reportOf,
  scriptIn,
  type Detect,
  type RunnerInput,
  type RunnerMissing,
  type RunnerPlan,
  type TestOutcome,
  type TestReport,
} from './runner.ts';
import { bySeed, sayShuffled, seedVariable } from './shuffle.ts';

const manifest = /^(?:Gemfile|\.rspec|.+\.gemspec)$/;
const example = /^\s*(?:RSpec\.)?(?:describe|context|feature|it|specify|example)\b/m;
const asksForRspec =
  /^\s*(?:gem|\w+\.add_(?:development_|runtime_)?dependency)[\s(]+['"]rspec(?:-\w+)?['"]/m;

/** `rspec`, by the project's bundle where it has one. Gems come from this machine alone. */
export const rspec: Detect = async (input) => {
  const { project, has } = input;
  const named = pathsEnding(project.files, ['rb']).filter(
    (path) => path.endsWith('_spec.rb') && !/(?:^|\/)vendor\//.test(path),
  );
  const tests = await filesWith(project, named, example);
  const settings = pathsEnding(project.files, ['rspec']).filter((path) =>
    /(?:^|\/)\.rspec$/.test(path),
  );
  const asking = await filesWith(
    project,
    pathsEnding(project.files, ['gemfile', 'gemspec']).filter((path) =>
      /(?:^|\/)(?:Gemfile|.+\.gemspec)$/.test(path),
    ),
    asksForRspec,
  );
  const written = await filesWith(
    project,
    tests,
    /^\s*RSpec\.|^\s*require ['"](?:spec_helper|rspec)/m,
  );
  if ([...settings, ...asking, ...written].length === 0) return [];
  const runs = manifestRuns(input, manifest, tests, { whole: false, orRoot: true });
  if (runs.length === 0) return [];
  if (!(await has('ruby'))) return [programMissing('RSpec', 'ruby', 'Ruby')];
  return Promise.all(runs.map((run) => planOf(run, input)));
};

async function planOf(
  { folder, from, tests }: ManifestRun,
  { project, host, tools, has }: RunnerInput,
): Promise<RunnerPlan | RunnerMissing> {
  const runner = runnerIn('RSpec', folder);
  const bundled = project.files.has(posix.join(folder, 'Gemfile')) && (await has('bundle'));
  if (!bundled && !(await has('rspec'))) return programMissing(runner, 'rspec', 'rspec');
  const bundle = posix.join(folder, 'vendor/bundle');
  const place = relativeFrom(project, folder);
  const start = [...(bundled ? ['bundle', 'exec'] : []), 'rspec'];
  const ofSpecs = posix.join(folder, 'spec');
  const settings = pathsEnding(project.files, ['rspec', 'rb']).filter((path) =>
    /(?:^|\/)(?:\.rspec|\w+_helper\.rb)$/.test(path),
  );
  const plan: RunnerPlan = {
    ...plainPlan,
    runner,
    folder,
    from,
    byHand: byHand(folder, start),
    // What it collects by itself; settings may name others.
    expected: project.files.has(posix.join(folder, '.rspec'))
      ? []
      : tests.filter((path) => path.startsWith(`${ofSpecs}/`)),
    command: scriptIn(rspecCommand, tools, folder, start),
    env: { CI: '1', BUNDLE_FROZEN: 'true', BUNDLE_DISABLE_VERSION_CHECK: 'true' },
    mounts: [
      ...mountOf(await host.folder(bundle), bundle),
      ...mountOf(await host.cache('gems'), `${tools}/gems`),
    ],
    reportFolder: `${tools}/${reportFolder}`,
    read: (_run, [text]) => readRspec(text ?? null, place),
  };
  const fixed = await filesWith(
    project,
    settings,
    /--(?:order|seed)\b|\.(?:order|seed)\s*=|_ordering\b/,
  );
  return fixed.length > 0 ? plan : { ...plan, shuffled: bySeed(plan) };
}

// An end of the path in a colon has Ruby add its own folders.
const rspecCommand = `tools=$PWD/$1
cd "$2" || exit 127
shift 2
gems=
for folder in "$tools/gems" "$tools/gems"/*; do
  if [ -d "$folder/specifications" ]; then gems=$gems$folder:; fi
done
if [ -n "$gems" ]; then GEM_PATH=$gems; export GEM_PATH; fi
if [ -d vendor/bundle ]; then BUNDLE_PATH=$PWD/vendor/bundle; export BUNDLE_PATH; fi
# Every rspec that writes this report knows the option.
if [ -n "$${seedVariable}" ]; then set -- "$@" --order "rand:$${seedVariable}"; ${sayShuffled}; unset ${seedVariable}; fi
exec "$@" --no-color --format progress --format json --out "$tools/${reportFolder}/rspec.json"`;

const exampleSchema = z.object({
  full_description: z.string(),
  status: z.string(),
  file_path: z.string(),
  line_number: z.number().nullish(),
  exception: z
    .object({
      class: z.string(),
      message: z.string().nullish(),
      backtrace: z.array(z.string()).nullish(),
    })
    .nullish(),
});
const reportSchema = z.object({
  messages: z.array(z.string()).default([]),
  examples: z.array(exampleSchema),
  summary: z.object({ errors_outside_of_examples_count: z.number().default(0) }),
});
type Example = z.infer<typeof exampleSchema>;

/** @param text null where it was not written. */
export function readRspec(text: string | null, place: (path: string) => string | null): TestReport {
  let report: z.infer<typeof reportSchema>;
  try {
    report = reportSchema.parse(JSON.parse(text ?? ''));
  } catch {
    return emptyReport;
  }
  const tests = report.examples.map((one): TestOutcome => {
    const outcome =
      one.status === 'passed' ? 'passed' : one.status === 'failed' ? 'failed' : 'skipped';
    const file = place(one.file_path);
    const line = lineIn(one, place, file) ?? one.line_number ?? null;
    const name = one.full_description;
    return { outcome, name, file, line, text: outcome === 'failed' ? wordsOf(one, place) : '' };
  });
  const broken = report.messages.filter((message) =>
    /error(?:s)? occurred (?:while|outside)/.test(message),
  );
  const { errors_outside_of_examples_count: outside } = report.summary;
  const notLoaded = broken.map((message) => brokenFile(message, place));
  if (outside > 0 && notLoaded.length === 0)
    notLoaded.push(brokenFile(report.messages.join('\n'), place));
  return reportOf([...tests, ...notLoaded], { complete: true });
}

function brokenFile(message: string, place: (path: string) => string | null): TestOutcome {
  const path = /occurred while loading (\S+?)\.\s/.exec(message)?.[1];
  const file = path === undefined ? null : place(path);
  const text = message.trim();
  return { outcome: 'failed', name: 'loading the file', file, line: null, text };
}

function wordsOf({ exception }: Example, place: (path: string) => string | null): string {
  const { class: kind = '', message, backtrace } = exception ?? {};
  const words = (message ?? '').trim();
  // Of what was expected the words say enough.
  const head = /^RSpec::/.test(kind) ? words : `${kind}: ${words}`;
  const frames = (backtrace ?? []).filter((frame) => place(frame.split(':')[0] ?? '') !== null);
  return [head, ...frames.map((frame) => `  at ${frame}`)].join('\n');
}

function lineIn(
  { exception }: Example,
  place: (path: string) => string | null,
  file: string | null,
): number | null {
  for (const frame of exception?.backtrace ?? []) {
    const [path = '', line] = frame.split(':');
    if (file !== null && place(path) === file && line !== undefined) return Number(line);
  }
  return null;
}
