import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import { BlueprintError, ExitCode } from '../../domain/errors.ts';
import { isRules } from '../../domain/model-role.ts';
import { withoutControls } from '../../domain/text.ts';
import { budgetOption } from '../budget-option.ts';
import { tapeOptions } from '../tape-options.ts';
import { defineCommand, type CommandContext } from '../command.ts';
import { featureText } from '../views/feature-view.ts';
import { createLiveView } from '../views/live.ts';
import { keyHint } from './run.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('brief', {
        type: 'string',
        describe: 'A file, or - for stdin; without it: a pipe, or your editor',
      })
      .option('name', {
        type: 'string',
        requiresArg: true,
        describe: 'The feature’s name; made from the brief without it',
      })
      .option('spec', {
        type: 'boolean',
        default: false,
        describe: 'The input already is the spec',
      })
      .option('context', {
        type: 'string',
        array: true,
        nargs: 1,
        describe: 'Files to show the models, as a glob; repeat for more',
      })
      .options(budgetOption)
      .options(tapeOptions)
      .option('ask', {
        type: 'boolean',
        describe: 'Questions on an unclear brief (--no-ask for none)',
      }),
  async action({ brief: path, name, spec, context: globs, ask }, context) {
    const program = await context.app();
    const { screen, signal } = context;
    const brief = await readBrief(path, context);
    const input = await program.planInput({
      brief,
      name,
      globs: globs ?? [],
      from: context.cwd,
    });
    for (const { path: left, reason } of input.leftOut)
      screen.note(withoutControls(`context: left out ${left}: ${reason}`));
    const wantsQuestions = ask ?? program.config.pipeline.ask;
    const asking = wantsQuestions && screen.interactive && !context.globals.json;
    const view = createLiveView(screen);
    const outcome = await program
      .plan(
        {
          slug: input.slug,
          brief,
          isSpec: spec,
          context: input.files,
          ask: asking
            ? async (questions) => {
                view.close();
                const { askQuestions } = await import('../interactive/questions.ts');
                return askQuestions(questions, screen, signal);
              }
            : null,
        },
        undefined,
        view.listen,
      )
      .finally(view.close);
    const { document, warnings, notes, resumed } = outcome;
    const planner = { ...outcome.planner, rules: isRules(outcome.planner.ref) };
    const lines = [
      featureText(input.slug, document, context.paint, screen.columns),
      '',
      `Spec: ${program.path(input.slug, 'spec.md')} (edit it, or the task list, as you like)`,
      ...(planner.rules
        ? [
            keyHint(
              program.config.roles.architect.models.map(({ provider }) => provider),
              program.config.providers,
              'this plan was made by rules',
            ),
          ]
        : []),
      `Next: blueprint run ${input.slug}`,
    ];
    return {
      exitCode: ExitCode.done,
      json: { feature: input.slug, planner, warnings, notes, resumed, document },
      text: lines.join('\n'),
    };
  },
});

/** The brief's text, from a file or a pipe; at a terminal without either: typed, or from the user's editor. */
export async function readBrief(
  path: string | undefined,
  context: CommandContext,
): Promise<string> {
  const { app, screen, cwd, signal } = context;
  const program = await app();
  const limit = program.config.pipeline.maxBriefBytes;
  if (path === undefined && screen.stdin.isTTY) {
    if (!screen.interactive) throw noBrief();
    const { askBrief } = await import('../interactive/questions.ts');
    const given = await askBrief(context);
    return 'path' in given
      ? readBrief(given.path, context)
      : program.briefText(Buffer.from(given.text), 'what was typed');
  }
  // yargs gives a lone dash in a positional as an empty string.
  if (path === undefined || path === '-' || path === '')
    return program.briefText(await readAll(screen.stdin, 'on stdin', limit, signal), 'on stdin');

  const file = resolve(cwd, path);
  const info = await stat(file).catch((cause: NodeJS.ErrnoException) => {
    const missing = cause.code === 'ENOENT';
    throw new BlueprintError({
      code: missing ? 'brief-not-found' : 'brief-unreadable',
      message: missing ? `There is no file ${path}` : `The brief cannot be read: ${cause.message}`,
      target: path,
      fix: 'Give a text file, or - to read stdin.',
      cause,
    });
  });
  if (!info.isFile())
    throw new BlueprintError({
      code: 'brief-unreadable',
      message: `${path} is not a file`,
      target: path,
      fix: 'Give a text file, or - to read stdin.',
    });
  if (info.size > limit) throw tooLarge(path, `has ${info.size} bytes; the limit is ${limit}`);
  return program.briefText(await readAll(createReadStream(file), path, limit, signal), path);
}

function noBrief(): BlueprintError {
  return new BlueprintError({
    code: 'brief-missing',
    message: 'No brief was given, and there is no terminal to write one at',
    fix: 'blueprint new brief.md, or: echo "…" | blueprint new -',
  });
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
