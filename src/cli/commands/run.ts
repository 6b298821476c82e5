import { ExitCode } from '../../domain/errors.ts';
import { isRules } from '../../domain/model-role.ts';
import type { ModelRole } from '../../domain/model-role.ts';
import type { Program } from '../../use-cases/program.ts';
import { taskTypes, type Task } from '../../domain/task.ts';
import { toSingleLine, withoutControls } from '../../domain/text.ts';
import { progressOf } from '../../report/progress.ts';
import { counted, someOf } from '../../text/counted.ts';
import { defineCommand, type CommandContext } from '../command.ts';
import { doLongWork } from '../tell-end.ts';
import { flag, list } from '../option-kinds.ts';
import { configOptions, gateOptions, recordOptions } from '../options.ts';
import { previewText } from '../views/preview-view.ts';
import { runCostLines } from '../views/cost-view.ts';
import { progressLine } from '../views/feature-view.ts';
import { specLines } from '../views/spec-view.ts';
import { lines } from '../views/lines.ts';
import { preview as previewOf } from '../../use-cases/preview.ts';
import { run, type RunInput, type RunOutcome } from '../../use-cases/run.ts';

/** Reasons of waiting tasks that are printed. */
const mostReasons = 5;

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('feature', { type: 'string', demandOption: true })
      .option('task', list('Only this task; repeat for more'))
      .option('type', {
        choices: taskTypes,
        array: true,
        nargs: 1,
        describe: 'Only tasks of this type',
      })
      .option('fail-fast', flag('Stop all when one task fails'))
      .option(
        'replace-scaffolds',
        flag('Have a model write what rules stood in for, where none could be reached'),
      )
      .options(
        configOptions(
          'concurrency',
          'strategy',
          'mode',
          'findings',
          'repository',
          'acceptance',
          'budget',
        ),
      )
      .options(gateOptions())
      .options(recordOptions)
      .option('dry-run', flag('Show order, routes and sizes; call nothing')),
  async action(args, context) {
    const { paint, screen, signal } = context;
    const { feature, task, type, failFast, dryRun, replaceScaffolds } = args;
    const program = await context.program();
    const input = { feature, tasks: task, types: type, failFast, replaceScaffolds };
    if (dryRun) {
      const preview = await previewOf(input, program, { signal });
      return {
        json: { feature, dryRun: true, ...preview },
        text: previewText(feature, preview, paint, screen.columns),
      };
    }
    const report = await runTold(input, program, context);
    const { document, settled, unavailable, replaceable, place, cost, exitCode, spec } = report;
    const saidByFile = await program.store.saidByFile(feature, document.tasks);
    const review = document.tasks.filter((other) => other.status === 'needs_review');
    const byRules = review.some((other) => isRules(other.result?.author ?? ''));
    const text = lines(
      progressLine(document, paint, Infinity, saidByFile),
      unrunText(unavailable),
      waitingText(feature, review),
      replaceable.length > 0 && replaceHint(feature, replaceable),
      byRules && replaceable.length === 0 && keyHint(program.config, 'coder'),
      specLines(feature, spec, document, paint),
      runCostLines(cost),
      exitCode === ExitCode.done && [
        `Approved files: ${place}`,
        `Take them into yours: blueprint apply ${feature}`,
      ],
    );
    return {
      exitCode,
      json: {
        feature,
        exitCode,
        progress: progressOf(document.tasks, saidByFile),
        settled,
        replaceable,
        spec,
        cost,
        unavailable,
        tasks: document.tasks.map(({ id, title, status, result }) => ({
          id,
          title,
          status,
          result,
        })),
      },
      text: text.join('\n'),
    };
  },
});

/** Runs tasks where a person may have looked away: they are shown what happens, and told of the end. */
export function runTold(
  input: RunInput,
  program: Program,
  context: CommandContext,
): Promise<RunOutcome> {
  const about = { command: 'run', feature: input.feature };
  return doLongWork(about, context, (caller) => run(input, program, caller), runSentence);
}

/** How a run stands at its end, for who looked away. */
export function runSentence({ document, unavailable }: RunOutcome): string {
  const { total, settled } = progressOf(document.tasks);
  const waiting = document.tasks.filter(({ status }) => status === 'needs_review');
  const [fault] = unavailable;
  return lines(
    `${settled} of ${counted(total, 'task')} settled`,
    waiting.length > 0 &&
      `${someOf(waiting.map(({ id }) => id))} ${waiting.length === 1 ? 'waits' : 'wait'} for you`,
    fault !== undefined && fault.error.message,
  ).join('; ');
}

/** What waits for a person, why, and what the person can do. */
function waitingText(feature: string, waiting: readonly Task[]): string[] {
  const [first] = waiting;
  if (first === undefined) return [];
  const shown = waiting.slice(0, mostReasons);
  const more = waiting.length - shown.length;
  // Work that a gate has refused is not reviewed.
  const unreviewed = waiting.filter(
    ({ result }) =>
      result?.review === null && result.gates.every(({ status }) => status !== 'failed'),
  );
  return lines(
    `Waits for you: ${someOf(waiting.map(({ id }) => id))}. See blueprint diff ${feature} ${first.id}, then blueprint approve ${feature} ${first.id}, or blueprint reject ${feature} ${first.id} -m "what is to be different".`,
    shown.map(({ id, result }) => `  ${id}: ${toSingleLine(result?.reason ?? '', 300)}`),
    more > 0 && `  … and ${more} more: blueprint show ${feature} TASK says why`,
    unreviewed[0] !== undefined &&
      `No review of ${someOf(unreviewed.map(({ id }) => id))} could be used. To have the work reviewed again as it is: blueprint review ${feature} ${unreviewed[0].id}`,
  );
}

/** Tasks that meet the same fault, as a budget that is reached, share its words. */
function unrunText(unavailable: RunOutcome['unavailable']): string[] {
  const byFault = new Map<string, string[]>();
  for (const { task, error } of unavailable) {
    const fix = error.fix === undefined ? '' : `\n  fix: ${error.fix}`;
    const fault = `${withoutControls(error.message)}${fix}`;
    byFault.set(fault, [...(byFault.get(fault) ?? []), task]);
  }
  return [...byFault].map(([fault, tasks]) => `${someOf(tasks)} could not be run: ${fault}`);
}

/** How a model comes to write what rules stood in for. */
export function replaceHint(feature: string, tasks: readonly string[]): string {
  const whose = tasks.length === 1 ? 'holds a scaffold' : 'hold scaffolds';
  return `${someOf(tasks)} ${whose} made by rules; a model can be reached now. Have it write them: blueprint run ${feature} --replace-scaffolds`;
}

/**
 * One plain line on what would have models write the code.
 * @param done what rules did in their place.
 */
export function keyHint(
  { roles, providers }: Program['config'],
  role: ModelRole,
  done = 'these are scaffolds made by rules',
): string {
  const names = roles[role].models.map(({ provider }) => provider);
  const keys = names.flatMap((name) => providers.get(name)?.keyVariables[0] ?? []);
  const variables = [...new Set(keys)].join(' or ');
  const set = variables === '' ? 'Give a role a model' : `Set ${variables}`;
  return `No model was reachable, so ${done}. ${set} to have models write the code.`;
}
