import { relative, resolve } from 'node:path';
import { usageFault } from '../../domain/errors.ts';
import { formatUsd } from '../../domain/price.ts';
import { separated } from '../../text/separated.ts';
import {
  debate,
  previewDebate,
  type DebateInput,
  type DebateReport,
} from '../../use-cases/debate.ts';
import { debateStatus, listDebates, resumeDebate, showDebate } from '../../use-cases/debates.ts';
import { showSpec } from '../../use-cases/show.ts';
import type { Caller, Program } from '../../use-cases/program.ts';
import { defineCommand, type CommandContext, type CommandOutcome } from '../command.ts';
import { flag, number, text } from '../option-kinds.ts';
import { configOptions, recordOptions } from '../options.ts';
import { runCostLines } from '../views/cost-view.ts';
import { debateListText, debateStatusText, positionText } from '../views/debate-view.ts';
import { printable } from '../views/cells.ts';
import { createLiveView } from '../views/live.ts';
import { readBrief } from './new.ts';

const actions = ['start', 'resume', 'status', 'list', 'show'] as const;

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('action', { choices: actions, demandOption: true })
      .positional('subject', {
        type: 'string',
        describe: 'With start: the proposal, a file or - for stdin; else a debate’s id',
      })
      .option('feature', text('With start: debate the spec of this feature'))
      .option('name', text('Begins the debate’s id; made from the proposal without it'))
      .option('critics', text('Models, families or providers, separated by commas'))
      .option('strategist', text('Who answers for the proposal'))
      .option('judge', text('Who compares the critics'))
      .option('rounds', number('Of the critics’ debate at most, 1 to 10'))
      .option('defense-rounds', number('Of the strategist’s answers at most, 1 to 10'))
      .option('full', {
        type: 'boolean',
        describe: 'Go on although the critics agree at once that nothing blocks',
      })
      .option('force', flag('Go on although settings changed since the debate began'))
      .option('dry-run', flag('With start: show who would debate, and what it may cost'))
      .options(configOptions('budget'))
      .options(recordOptions),
  async action(args, context) {
    const { action, subject, force } = args;
    const { screen, paint } = context;
    const program = await context.program();
    const wanted = {
      critics: args.critics === undefined ? null : separated(args.critics),
      strategist: args.strategist ?? null,
      judge: args.judge ?? null,
      rounds: args.rounds ?? null,
      defenseRounds: args.defenseRounds ?? null,
      full: args.full ?? null,
    };
    switch (action) {
      case 'start': {
        const { feature = null, name = null } = args;
        const input = {
          ...(await proposalOf(subject, feature, program, context)),
          ...wanted,
          name,
          force,
        };
        if (args.dryRun) return previewed(input, program, context);
        return reported(context, (caller) => debate(input, program, caller));
      }
      case 'resume':
        return reported(context, (caller) =>
          resumeDebate(subject ?? null, { ...wanted, force }, program, caller),
        );
      case 'list': {
        const debates = await listDebates(program);
        return { json: debates, text: debateListText(debates, paint, screen.columns) };
      }
      case 'status': {
        const status = await debateStatus(subject ?? null, program);
        return { json: status, text: debateStatusText(status, paint) };
      }
      case 'show': {
        const { status, page } = await showDebate(subject ?? null, program);
        return {
          json: status,
          text: page === null ? debateStatusText(status, paint) : printable(page).trimEnd(),
        };
      }
    }
  },
});

async function reported(
  { screen, paint, signal }: CommandContext,
  run: (caller: Caller) => Promise<DebateReport>,
): Promise<CommandOutcome> {
  const { listen, close } = createLiveView(screen);
  const { id, folder, position, cost, exitCode } = await run({ listen, signal }).finally(close);
  return {
    exitCode,
    json: { id, folder, exitCode, position, cost },
    text: [
      positionText(position, paint),
      '',
      `All of it: ${folder}/final.md (blueprint debate show ${id})`,
      ...runCostLines(cost),
    ].join('\n'),
  };
}

async function proposalOf(
  path: string | undefined,
  feature: string | null,
  program: Program,
  context: CommandContext,
): Promise<Pick<DebateInput, 'proposal' | 'feature' | 'file'>> {
  const form = 'Write: blueprint debate start FILE, or blueprint debate start --feature F';
  if (feature === null) {
    if (path === undefined) throw usageFault('debate start was given no proposal', form);
    const proposal = await readBrief(path, context);
    const fromRoot = relative(program.config.root, resolve(context.cwd, path));
    const file = path === '-' || fromRoot.startsWith('..') ? null : fromRoot;
    return { proposal, feature, file };
  }
  if (path !== undefined)
    throw usageFault('debate start takes a proposal or --feature, not both', form);
  const spec = await showSpec({ feature }, program);
  if (spec === null)
    throw usageFault(`The feature ${feature} has no spec.md to debate`, 'Plan it: blueprint new');
  return { proposal: spec, feature, file: null };
}

async function previewed(
  input: DebateInput,
  program: Program,
  { signal }: CommandContext,
): Promise<CommandOutcome> {
  const preview = await previewDebate(input, program, { signal });
  const { debaters, calls, usd, unpriced, warnings } = preview;
  const { strategist, critics, judge } = debaters;
  return {
    json: preview,
    text: [
      `Strategist: ${strategist.model} (${strategist.family})`,
      ...critics.map(({ label, model, family }) => `Critic ${label}:   ${model} (${family})`),
      `Judge:      ${judge.model} (${judge.family})`,
      ...warnings.map((warning) => `warning: ${warning}`),
      '',
      `Calls: ${calls.low} where the critics agree at once that nothing blocks, to ${calls.high} with every round used.`,
      `Cost: about ${formatUsd(usd.low)} to ${formatUsd(usd.high)}.${unpriced.length === 0 ? '' : ` Not counted, as their price is not known: ${unpriced.join(', ')}.`} No call was made.`,
    ].join('\n'),
  };
}
