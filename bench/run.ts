import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { acceptanceQualityTable } from './acceptance-quality-table.ts';
import { callOverhead } from './call-overhead.ts';
import { choiceQuality } from './choice-quality.ts';
import { debates } from './debate.ts';
import { ensembleSpeed } from './ensemble.ts';
import { exports as exportMemory } from './export.ts';
import { inFlight } from './in-flight.ts';
import { largeFeatures } from './large-feature.ts';
import { loopQuality } from './loop-quality.ts';
import { makespan } from './makespan.ts';
import { manyWriters } from './many-writers.ts';
import type { Measurement } from './measurement.ts';
import { noOpRuns } from './no-op-run.ts';
import { prefixCache } from './prefix-cache.ts';
import { historyFault } from './history.ts';
import { recallOf } from './recall.ts';
import { ragQuery } from './rag-query.ts';
import { repositorySpeed } from './repository.ts';
import { sandboxOverhead } from './sandbox.ts';
import { startUp } from './start-up.ts';
import { syntaxSpeed } from './syntax-gate.ts';
import { reachOfCorrection } from './reach.ts';
import { testsGateOverhead } from './tests-gate.ts';
import { tournaments } from './tournament.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    'no-build': { type: 'boolean', default: false },
    // Of several processes that share the benchmarks: `1/2` is the first of two.
    part: { type: 'string', default: '1/1' },
    only: { type: 'string', multiple: true },
    // Repositories besides this one, for the recall of packs.
    repository: { type: 'string', multiple: true, default: [] },
  },
});
const { quick } = options;
const [part = 1, parts = 1] = options.part.split('/').map(Number);

/** By the name that `--only` takes; in an order of which every second ones take about half of the quick form. */
const benchmarks: Readonly<Record<string, () => Promise<Measurement[]>>> = {
  'start-up': () => startUp(quick ? 3 : 15),
  makespan: () => (quick ? makespan(40, [16]) : makespan(100, [3, 8, 16])),
  'large-feature': () => largeFeatures(quick ? 1 : 15),
  // Too long for the quick form, as it means something with many changes alone.
  ...(!quick && {
    'no-op-run': () => noOpRuns(5_000),
    'many-writers': () => manyWriters(50),
    'tests-gate': () => testsGateOverhead(),
    reach: () => reachOfCorrection(),
    export: () => exportMemory(),
  }),
  'call-overhead': () => callOverhead(quick ? 50 : 200),
  'in-flight': () => inFlight(quick ? 100 : 1_000),
  'prefix-cache': () => prefixCache(),
  ensemble: () => ensembleSpeed(quick ? 1 : 5),
  'syntax-gate': () => syntaxSpeed(quick ? 0.5 : 10),
  'rag-query': () => ragQuery(quick ? 1_000_000 : 50_000_000, quick ? 3 : 9),
  repository: () =>
    repositorySpeed(
      quick
        ? { files: 100, more: 200, most: 200, runs: 1 }
        : { files: 5_000, more: 20_000, most: 50_000, runs: 9 },
    ),
  sandbox: () => sandboxOverhead(quick ? 5 : 31),
  debate: () => debates(),
  'acceptance-quality': () => acceptanceQualityTable(quick ? 20 : 1_000),
  tournament: () => tournaments(quick ? [1, 8] : [1, 2, 3, 4, 5, 6, 7, 8]),
};
/** These wait for simulated calls nearly all the time: in the quick form they wait beside each other. */
const waiting: ReadonlySet<string> = new Set(['makespan', 'ensemble', 'debate', 'tournament']);
/** Tables of their own; all but recall take a moment. */
const asked = (options.only ?? [...Object.keys(benchmarks), 'quality', 'recall']).filter(
  (_, index) => index % parts === part - 1,
);
const names = asked.filter((name) => name !== 'recall' && name !== 'quality');
const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0)
  throw new Error(
    `No benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}, recall, quality`,
  );

if (!options['no-build'])
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });

async function measured(name: string): Promise<Measurement[]> {
  const started = performance.now();
  const rows = (await benchmarks[name]?.()) ?? [];
  console.error(`${name}: ${((performance.now() - started) / 1_000).toFixed(1)} s`);
  return rows;
}

const measurements: Measurement[] = [];
const besideOthers = quick ? names.filter((name) => waiting.has(name)) : [];
for (const rows of await Promise.all(besideOthers.map(measured))) measurements.push(...rows);
for (const name of names.filter((name) => !besideOthers.includes(name)))
  measurements.push(...(await measured(name)));

if (measurements.length > 0)
  console.table(
    measurements.map(({ what, measured, bar, unit = '×' }) => ({
      what,
      measured: `${measured.toFixed(2)} ${unit}`,
      bar: `≤ ${bar} ${unit}`,
      met: measured <= bar ? 'yes' : 'NO',
    })),
  );

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
if (asked.includes('recall'))
  for (const folder of ['.', ...options.repository]) {
    const fault = historyFault(folder);
    if (fault !== null) {
      console.log(`recall in ${folder}: left out, as ${fault}`);
      continue;
    }
    const { commits, recalls } = await recallOf(folder, quick ? 1 : 100);
    console.log(`recall in ${folder}: ${commits} commits`);
    console.table(
      recalls.map(({ way, files, wholeFiles, symbols }) => ({
        way,
        files: percent(files),
        'whole files': percent(wholeFiles),
        symbols: percent(symbols),
      })),
    );
  }
if (asked.includes('quality')) {
  console.table(
    choiceQuality(quick ? 400 : 20_000).map(({ way, p, q, tests, ...shares }) => ({
      way,
      p,
      q,
      tests,
      'right winner': percent(shares.rightWinner),
      approved: percent(shares.approved),
      'false approval': percent(shares.falseApproval),
    })),
  );
  console.table(
    (await loopQuality(quick ? 20 : 3_000)).map(({ right, mends, breaks, errs, ...shares }) => ({
      right,
      mends,
      breaks,
      errs,
      'delivered right': percent(shares.delivered),
      'of the possible': percent(shares.delivered / shares.possible),
      approved: percent(shares.approved),
      'false approval': percent(shares.falseApproval),
      reviews: shares.reviews.toFixed(2),
    })),
  );
}
