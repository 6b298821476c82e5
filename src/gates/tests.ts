import { randomBytes } from 'node:crypto';
import { throwIfAborted } from '../domain/errors.ts';
import type { GateStatus } from '../domain/gate-result.ts';
import type { Finding } from '../domain/review.ts';
import type { Gate, GateInput } from './gate.ts';
import { detectRunners } from './runners/detect.ts';
import { testScript } from './runners/package-json.ts';
import type { ProjectView, RunnerInput } from './runners/runner.ts';
import { shellCommand } from './runners/shell-command.ts';
import { notRun, type Checking } from './checking.ts';
import { prepareCopy } from './prepare-copy.ts';
import { runPlan } from './run-plan.ts';
import { viewOf } from './project-view.ts';
import { silenced } from './silenced.ts';
import { stageCopy, type StagedCopy } from './stage-copy.ts';
import { errored, skipped, type Verdict } from './verdict.ts';

export interface TestsGateOptions extends Checking {
  /** The user's command, run by a shell; null: the runners are found by the project's files. */
  readonly command: string | null;
}

/**
 * Runs the project's tests with the work in it: those that were there before the task as they were, and
 * those that the work brings.
 */
export function testsGate(options: TestsGateOptions): Gate {
  return {
    name: 'tests',
    blocking: true,
    async check(input, signal) {
      const commands = options.command === null ? [] : [options.command];
      const copy = await stageCopy(input, { check: 'tests', commands }, signal);
      if (copy === null) return skipped('the paths of the work are not sound');
      try {
        return await checkCopy(copy, input, options, signal);
      } finally {
        await copy.remove();
      }
    },
  };
}

async function checkCopy(
  copy: StagedCopy,
  input: GateInput,
  options: TestsGateOptions,
  signal: AbortSignal,
): Promise<Verdict> {
  const { limits } = options;
  const { keep } = input;
  const project = await viewOf(copy.path);
  const sandbox = await options.sandbox(signal);
  const runnerInput: RunnerInput = {
    project,
    host: options.host,
    declared: input.bundle.tests,
    tools: `.blueprint-${randomBytes(8).toString('hex')}`,
    mark: `${randomBytes(16).toString('hex')} `,
    has: (program) => ('missing' in sandbox ? Promise.resolve(true) : sandbox.has(program)),
  };
  const plans =
    options.command === null
      ? await detectRunners(runnerInput, await scriptStood(project, input))
      : [await shellCommand(options.command, runnerInput)];
  const verdicts: Verdict[] = copy.findings.length > 0 ? [tampered(copy.findings)] : [];
  if (plans.length === 0) {
    return combined([...verdicts, skipped(await nothingFound(project))]);
  }
  if ('missing' in sandbox) return combined([...verdicts, notRun(sandbox)]);
  const prepare = (folder: string) =>
    prepareCopy(folder, sandbox, options, input, runnerInput, signal);
  const context = { ...runnerInput, sandbox, limits, keep };
  const unprepared = await prepare(copy.path);
  if (unprepared !== null) verdicts.push(unprepared);
  else
    for (const plan of plans) {
      throwIfAborted(signal);
      if ('missing' in plan) verdicts.push(errored(`${plan.runner}: ${plan.missing}`, plan.fix));
      else {
        const verdict = await runPlan(plan, { ...context, folder: copy.path }, signal);
        const cheat = verdict.doubtful
          ? await silenced(plan, context, input, prepare, signal)
          : null;
        verdicts.push(cheat ?? verdict);
      }
    }
  return { ...combined(verdicts), isolated: sandbox.isolated };
}

/** Whether package.json's `test` script is what it was, or is the task's own to change. */
async function scriptStood(project: ProjectView, { base, task }: GateInput): Promise<boolean> {
  const script = await testScript(project);
  if (task.files.includes('package.json')) return true;
  const before = await base('package.json');
  const files = new Set(before === null ? [] : ['package.json']);
  return script === (await testScript({ files, read: async () => before }));
}

async function nothingFound(project: ProjectView): Promise<string> {
  const script = await testScript(project);
  return script === null
    ? 'no tests that a known runner would run'
    : 'the work brings its own npm test, which proves nothing; name the command with --test-command';
}

function tampered(findings: readonly Finding[]): Verdict {
  const [first] = findings;
  const what = `${first?.location ?? ''}: ${first?.evidence ?? ''}`;
  return { status: 'failed', summary: `tampering: ${what}`, findings };
}

const order: readonly GateStatus[] = ['failed', 'errored', 'passed', 'skipped'];

/** The worst of several, with the words of all. */
function combined(verdicts: readonly Verdict[]): Verdict {
  const sorted = [...verdicts].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  return {
    status: sorted[0]?.status ?? 'skipped',
    summary: sorted.map(({ summary }) => summary).join('; '),
    findings: sorted.flatMap(({ findings }) => findings),
  };
}
