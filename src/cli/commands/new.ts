import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import { someOf } from '../../text/counted.ts';
import type { Autorun } from '../../domain/autorun.ts';
import { BlueprintError, usageFault } from '../../domain/errors.ts';
import { isRules } from '../../domain/model-role.ts';
import { toSingleLine, withoutControls } from '../../domain/text.ts';
import type { ContextFile, PlanAgainOutcome } from '../../use-cases/plan.ts';
import { autorunsPlanned } from '../../use-cases/autoruns.ts';
import { autorunLines } from '../allow-autoruns.ts';
import { defineCommand, type CommandContext, type CommandOutcome } from '../command.ts';
import { flag, text } from '../option-kinds.ts';
import { configOptions, contextOption, recordOptions } from '../options.ts';
import { featureText, section } from '../views/feature-view.ts';
import { lines } from '../views/lines.ts';
import { runCostLines } from '../views/cost-view.ts';
import { createLiveView } from '../views/live.ts';
import { keyHint } from './run.ts';
import { markedPaths } from '../../use-cases/marked-paths.ts';
import { plan, planAnew, featureName } from '../../use-cases/plan.ts';
import { briefText, contextFiles } from '../../use-cases/given-input.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('brief', {
        type: 'string',
        describe: 'A file, or - for stdin; without it: a pipe, or your editor',
      })
      .option('name', text('The feature’s name; made from the brief without it'))
      .option('again', {
        ...text('Plan this feature anew for its changed spec.md; what stands is kept'),
      })
      .option('spec', flag('The input already is the spec'))
      .options(contextOption)
      .options(configOptions('repository', 'budget'))
      .options(recordOptions)
      .option('ask', {
        type: 'boolean',
        describe: 'Questions on an unclear brief (--no-ask for none)',
      }),
  async action({ brief: path, name, spec, again, context: globs, ask }, context) {
    if (again !== undefined) {
      if (path !== undefined || name !== undefined || spec)
        throw usageFault(
          '--again takes the feature’s own spec.md, no brief, --name or --spec',
          `Write: blueprint new --again ${toSingleLine(again, 80)}`,
        );
      return planFeatureAnew(again, globs ?? [], context);
    }
    const program = await context.program();
    const { screen, signal } = context;
    const brief = await readBrief(path, context);
    const feature = featureName(brief, name ?? null);
    const files = await readContext(globs ?? [], context);
    const wantsQuestions = ask ?? program.config.pipeline.ask;
    const asking = wantsQuestions && screen.interactive && !context.globals.json;
    const { listen, close } = createLiveView(screen);
    const outcome = await plan({ feature, brief, isSpec: spec, context: files }, program, {
      listen,
      signal,
      ask: asking
        ? async (questions) => {
            close();
            const { askQuestions } = await import('../interactive/questions.ts');
            return askQuestions(questions, screen, signal);
          }
        : undefined,
    }).finally(close);
    const { document, warnings, notes, resumed } = outcome;
    const planner = { ...outcome.planner, rules: isRules(outcome.planner.ref) };
    const autoruns = await autorunsPlanned({ feature, document }, program, { signal });
    const text = [
      featureText(feature, document, context.paint, screen.columns),
      '',
      ...plannedLines(autoruns, context),
      ...section('what the review of the plan changed', notes, context.paint),
      `Spec: ${program.artefacts.path(feature, 'spec.md')} (edit it, or the task list, as you like)`,
      ...(planner.rules
        ? [keyHint(program.config, 'architect', 'this plan was made by rules')]
        : []),
      ...runCostLines(outcome.cost, 'this plan'),
      `Next: blueprint run ${feature}`,
    ];
    const { cost } = outcome;
    const marked = document.tasks.map(async (task) => [task.id, await markedPaths(task, program)]);
    const paths: unknown = Object.fromEntries(await Promise.all(marked));
    const json = { feature, planner, warnings, notes, resumed, cost, autoruns, paths, document };
    return { json, text: text.join('\n') };
  },
});

async function planFeatureAnew(
  feature: string,
  globs: readonly string[],
  context: CommandContext,
): Promise<CommandOutcome> {
  const { screen, signal } = context;
  const program = await context.program();
  const files = await readContext(globs, context);
  const { listen, close } = createLiveView(screen);
  const caller = { listen, signal };
  const outcome = await planAnew({ feature, context: files }, program, caller).finally(close);
  if (outcome === null)
    return {
      json: { feature, changed: false },
      text: `Nothing to plan: spec.md says what was planned. Next: blueprint run ${feature}`,
    };
  const { document, renewal, warnings, notes, cost } = outcome;
  const planner = { ...outcome.planner, rules: isRules(outcome.planner.ref) };
  const autoruns = await autorunsPlanned({ feature, document }, program, { signal });
  const saidByFile = await program.store.saidByFile(feature, document.tasks);
  const text = lines(
    featureText(feature, document, context.paint, screen.columns, { saidByFile }),
    '',
    plannedLines(autoruns, context),
    renewalLines(renewal),
    section('what the review of the plan changed', notes, context.paint),
    planner.rules && keyHint(program.config, 'architect', 'this plan was made by rules'),
    runCostLines(cost, 'this plan'),
    `Next: blueprint run ${feature}`,
  );
  const about = { feature, changed: true, planner, warnings, notes, cost, autoruns };
  const json = { ...about, ...renewal, document };
  return { json, text: text.join('\n') };
}

function plannedLines(
  autoruns: readonly Autorun[],
  { paint }: Pick<CommandContext, 'paint'>,
): string[] {
  return autorunLines(autoruns, 'What the plan asks for runs by itself:').map((line) =>
    paint.yellow(line),
  );
}

/** What became of the tasks of the plan before. */
export function renewalLines(renewal: PlanAgainOutcome['renewal']): string[] {
  const line = (words: string, ids: readonly string[]): string | false =>
    ids.length > 0 && `${words}: ${someOf(ids)}`;
  return lines(
    line('Kept as they were', renewal.kept),
    line('Planned anew, to be done or done again', renewal.again),
    line('New', renewal.added),
    line('Dropped', renewal.removed),
    line('Work that nothing asks for any more, left as it is', renewal.unasked),
  );
}

/** The brief's text, from a file or a pipe; at a terminal without either: typed, or from the user's editor. */
export async function readBrief(
  path: string | undefined,
  context: CommandContext,
): Promise<string> {
  const { screen, cwd, signal } = context;
  const program = await context.program();
  const limit = program.config.pipeline.maxBriefBytes;
  const readAs = async (source: string, stream: NodeJS.ReadableStream): Promise<string> =>
    briefText(await readAll(stream, source, limit, signal), source, program);
  if (path === undefined && screen.stdin.isTTY) {
    if (!screen.interactive)
      throw new BlueprintError({
        code: 'brief-missing',
        message: 'No brief was given, and there is no terminal to write one at',
        fix: 'blueprint new brief.md, or: echo "…" | blueprint new -',
      });
    const { askBrief } = await import('../interactive/questions.ts');
    const given = await askBrief(context);
    return 'path' in given
      ? readBrief(given.path, context)
      : briefText(Buffer.from(given.text), 'what was typed', program);
  }
  // yargs gives a lone dash in a positional as an empty string.
  if (path === undefined || path === '-' || path === '') return readAs('on stdin', screen.stdin);

  const file = resolve(cwd, path);
  const unusable = (code: string, message: string, cause?: unknown): BlueprintError =>
    new BlueprintError({
      code,
      message,
      target: path,
      fix: 'Give a text file, or - to read stdin.',
      cause,
    });
  const info = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'ENOENT'
      ? unusable('brief-not-found', `There is no file ${path}`, cause)
      : unusable('brief-unreadable', `The brief cannot be read: ${cause.message}`, cause);
  });
  if (!info.isFile()) throw unusable('brief-unreadable', `${path} is not a file`);
  if (info.size > limit) throw tooLarge(path, `has ${info.size} bytes; the limit is ${limit}`);
  return readAs(path, createReadStream(file));
}

/** The files to show models; says which were left out. */
export async function readContext(
  globs: readonly string[],
  { program, screen, signal }: CommandContext,
): Promise<readonly ContextFile[]> {
  const { files, leftOut } = await contextFiles(globs, await program(), { signal });
  for (const { path, reason } of leftOut)
    screen.note(withoutControls(`context: left out ${path}: ${reason}`));
  return files;
}

function tooLarge(source: string, what: string): BlueprintError {
  return new BlueprintError({
    code: 'brief-too-large',
    message: `The brief ${source} ${what}`,
    target: source,
    fix: 'Give the part that says what to build, with the rest as --context, or raise pipeline.maxBriefBytes in the config.',
  });
}

/** All of a stream; one without end is not read beyond the limit. */
async function readAll(
  stream: NodeJS.ReadableStream,
  source: string,
  limit: number,
  signal: AbortSignal,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of addAbortSignal(signal, stream as Readable)) {
    chunks.push(Buffer.from(chunk as Uint8Array));
    size += (chunk as Uint8Array).length;
    if (size > limit) throw tooLarge(source, `has more than ${limit} bytes`);
  }
  return Buffer.concat(chunks);
}
