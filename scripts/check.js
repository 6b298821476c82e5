/**
 * Runs all that CI runs. Steps of one stage run at the same time, as they use one core each; a stage begins when
 * the one before it is through. `node scripts/check.js STEP…` runs the steps named alone.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

const report = '.vitest/report.json';
const npm = (name, ...args) => ['npm', 'run', '--silent', name, '--', ...args];
const reporters = ['default', 'json', './scripts/second-tries.js'].map(
  (name) => `--reporter=${name}`,
);

/** Name → command, by stage. */
const stages = [
  { build: npm('build') },
  {
    lint: npm('lint'),
    // On several threads it does parts of its work several times, and the other steps have the cores.
    types: npm('types', '--singleThreaded'),
    format: npm('format:check'),
    unused: npm('unused'),
  },
  { tests: npm('test', ...reporters, `--outputFile.json=${report}`) },
  // Beside nothing but its other half, as it measures time: each is busy in one process.
  {
    benchmark: npm('bench', '--quick', '--no-build', '--part', '1/2'),
    'benchmark-2': npm('bench', '--quick', '--no-build', '--part', '2/2'),
  },
];

const asked = process.argv.slice(2);
const known = stages.flatMap((stage) => Object.keys(stage));
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`No step ${unknown.join(', ')}; there are ${known.join(', ')}`);
  process.exit(2);
}

/** Runs a step to its end; what it prints is shown in one piece where others run beside it. */
function run(name, [command, ...args], beside) {
  return new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(command, args, {
      stdio: ['ignore', beside ? 'pipe' : 'inherit', beside ? 'pipe' : 'inherit'],
      env: { ...process.env, BLUEPRINT_SKIP_BUILD: '1' },
    });
    if (!beside) console.log(`\n== ${name}`);
    const output = [];
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => output.push(chunk));
    child.once('error', (error) => output.push(`${error.message}\n`));
    child.once('close', (code) => {
      if (beside) console.log(`\n== ${name}`);
      process.stdout.write(Buffer.concat(output.map((chunk) => Buffer.from(chunk))));
      const seconds = ((performance.now() - started) / 1_000).toFixed(1);
      console.log(`${name} ${code === 0 ? 'passed' : 'FAILED'} in ${seconds} s`);
      resolve({ name, passed: code === 0 });
    });
  });
}

for (const stage of stages) {
  const steps = Object.entries(stage).filter(
    ([name]) => asked.length === 0 || asked.includes(name),
  );
  // No report is better than that of an earlier run.
  if (steps.some(([name]) => name === 'tests')) rmSync(report, { force: true });
  const results = await Promise.all(
    steps.map(([name, command]) => run(name, command, steps.length > 1)),
  );
  const failed = results.filter(({ passed }) => !passed).map(({ name }) => name);
  if (failed.length > 0) {
    console.error(`\n${failed.join(', ')} failed`);
    process.exit(1);
  }
}
