import { execFileSync } from 'node:child_process';
import { choiceQuality } from './choice-quality.ts';
import { startUp } from './start-up.ts';
import { callOverhead } from './call-overhead.ts';
import { ensembleSpeed } from './ensemble.ts';
import { inFlight } from './in-flight.ts';
import { makespan } from './makespan.ts';
import { sandboxOverhead } from './sandbox.ts';
import { prefixCache } from './prefix-cache.ts';
import { setStatus } from './set-status.ts';
import { syntaxSpeed } from './syntax-gate.ts';
import { tournaments } from './tournament.ts';
import type { Measurement } from './measurement.ts';

const quick = process.argv.includes('--quick');
if (!process.argv.includes('--no-build'))
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });

const measurements: Measurement[] = [
  ...(await startUp(quick ? 5 : 15)),
  ...(await makespan(quick ? [8] : [3, 8, 16])),
  ...(await setStatus(quick ? 5 : 15)),
  ...(await callOverhead(quick ? 50 : 200)),
  ...(await inFlight()),
  ...(await prefixCache()),
  ...(await ensembleSpeed(quick ? 1 : 5)),
  ...(await syntaxSpeed(quick ? 2 : 10)),
  ...(await sandboxOverhead(quick ? 9 : 31)),
  ...(await tournaments(quick ? [1, 8] : [1, 2, 3, 4, 5, 6, 7, 8])),
];

console.table(
  measurements.map(({ what, measured, bar, unit = '×' }) => ({
    what,
    measured: `${measured.toFixed(2)} ${unit}`,
    bar: `≤ ${bar} ${unit}`,
    met: measured <= bar ? 'yes' : 'NO',
  })),
);

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
console.table(
  choiceQuality(quick ? 2_000 : 20_000).map(({ way, p, q, tests, ...shares }) => ({
    ...{ way, p, q, tests },
    'right winner': percent(shares.rightWinner),
    approved: percent(shares.approved),
    'false approval': percent(shares.falseApproval),
  })),
);
