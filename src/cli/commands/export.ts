import { resolve } from 'node:path';
import { usageFault } from '../../domain/errors.ts';
import { preferenceFormats } from '../../report/preferences/formats.ts';
import { sendTrace, writeTrace } from '../../use-cases/export-trace.ts';
import { writePreferences } from '../../use-cases/write-preferences.ts';
import { defineCommand, type CommandContext, type CommandOutcome } from '../command.ts';
import { flag, text } from '../option-kinds.ts';
import { preferencesLines, traceLinesText } from '../views/export-view.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('what', { choices: ['preferences', 'trace'] as const, demandOption: true })
      .positional('feature', {
        type: 'string',
        describe: 'Its name; all work of the project without it',
      })
      .option('format', {
        choices: preferenceFormats,
        requiresArg: true,
        describe: 'With preferences: what the pairs are written as',
      })
      .option('out', text('This file instead of stdout'))
      .option('provenance', text('With preferences: where the pairs come from, in this file'))
      .option('force', flag('Replace files that are there'))
      .option('otlp', flag('With trace: send it to OTEL_EXPORTER_OTLP_ENDPOINT instead'))
      .option('all', flag('All features, asks, tournaments and debates, as without a feature')),
  async action(args, context) {
    const { what, feature = null, all, format, provenance, otlp } = args;
    if (all && feature !== null)
      throw usageFault('--all and a feature exclude each other', 'Leave one of them out.');
    const isTrace = what === 'trace';
    if (isTrace && (format !== undefined || provenance !== undefined))
      throw usageFault(
        '--format and --provenance are for export preferences',
        'Leave them out, or ask for preferences.',
      );
    if (otlp && (!isTrace || args.out !== undefined || args.force))
      throw usageFault(
        '--otlp is for export trace, without --out and --force',
        'blueprint export trace --otlp',
      );
    if (!isTrace && format === undefined)
      throw usageFault(
        'Preference pairs have no format of their own',
        `Give --format ${preferenceFormats.join('|')}`,
      );
    return isTrace
      ? exportedTrace({ ...args, feature }, context)
      : exportedPreferences({ ...args, feature, format: format ?? 'openai' }, context);
  },
});

type Wanted = {
  readonly feature: string | null;
  readonly out?: string | undefined;
  readonly force: boolean;
};

async function exportedPreferences(
  {
    provenance,
    ...args
  }: Wanted & {
    readonly format: (typeof preferenceFormats)[number];
    readonly provenance?: string | undefined;
  },
  context: CommandContext,
): Promise<CommandOutcome> {
  const { feature, format, force } = args;
  const wanted = {
    feature,
    format,
    force,
    out: below(args.out, context),
    provenance: below(provenance, context),
    print: printer(context),
  };
  const written = await writePreferences(wanted, await context.program(), context.signal);
  for (const line of preferencesLines(written)) context.screen.note(line);
  return { json: written, text: '' };
}

async function exportedTrace(
  { feature, force, otlp, ...args }: Wanted & { readonly otlp: boolean },
  context: CommandContext,
): Promise<CommandOutcome> {
  const { signal, screen } = context;
  const program = await context.program();
  const out = below(args.out, context);
  const summary = otlp
    ? await sendTrace({ feature }, program, signal)
    : await writeTrace({ feature, out, force, print: printer(context) }, program, signal);
  for (const line of traceLinesText(summary)) screen.note(line);
  return { json: { out, ...summary }, text: '' };
}

function below(path: string | undefined, { cwd }: CommandContext): string | null {
  return path === undefined ? null : resolve(cwd, path);
}

/** With --json stdout holds one document: the counts alone. */
function printer({ globals, screen }: CommandContext): ((line: string) => Promise<void>) | null {
  return globals.json ? null : (line) => screen.line(line);
}
