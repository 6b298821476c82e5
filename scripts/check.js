/** Runs all that CI runs, in order, and stops at the first failure. */
import { spawnSync } from 'node:child_process';

const steps = [
  ['format', 'npm', ['run', '--silent', 'format:check']],
  ['lint', 'npm', ['run', '--silent', 'lint']],
  ['types', 'npm', ['run', '--silent', 'types']],
  ['unused code', 'npm', ['run', '--silent', 'unused']],
  ['build', 'npm', ['run', '--silent', 'build']],
  [
    'tests',
    'npx',
    ['vitest', 'run', '--reporter=default', '--reporter=json', '--outputFile=.vitest/report.json'],
  ],
  ['benchmark', 'npm', ['run', '--silent', 'bench', '--', '--quick']],
];

for (const [name, command, args] of steps) {
  console.log(`\n== ${name}`);
  const { status } = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, BLUEPRINT_SKIP_BUILD: '1' },
  });
  if (status !== 0) {
    console.error(`\n${name} failed`);
    process.exit(1);
  }
}
