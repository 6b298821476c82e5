import type { BaseRuns } from './base-runs.ts';
import { howEnded } from './checking.ts';
import type { Outlook } from './gate.ts';
import type { SandboxLimits } from '../sandbox/sandbox.ts';
import { outcomeWords } from './test-words.ts';

/** Runs the suite on the project as it is, and says how that came out. @throws InterruptedError */
export async function baseOutlook(base: BaseRuns, limits: SandboxLimits): Promise<Outlook | null> {
  const found: string[] = [];
  for (const runner of base.plans.keys()) {
    const run = await base.of(runner);
    if (run === null) continue;
    const fix =
      'Install what is missing, give gates.setup a step that does so offline, or name the tests’ command with --test-command "…"';
    if ('unprepared' in run) return { missing: run.unprepared.summary, fix: '' };
    const { report, end } = run;
    if (report.broken !== null && report.passed === 0)
      return { missing: `${runner} cannot run on the project as it is: ${report.broken}`, fix };
    if (end.kind !== 'exited') {
      const missing = `${runner} does not end on the project as it is: ${howEnded(end, limits)}`;
      return { missing, fix: 'Raise the limits of "sandbox" in the config, or mend the tests' };
    }
    const ran = report.passed + report.failed;
    const words = report.counted
      ? ran === 0
        ? 'no test was executed'
        : outcomeWords(report)
      : `exit code ${end.code}, no count of tests`;
    found.push(`${runner}: ${words}`);
  }
  return found.length === 0 ? null : { found: found.join('; ') };
}
