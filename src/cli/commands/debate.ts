import { relative, resolve } from 'node:path';
import { ExitCode, usageFault } from '../../domain/errors.ts';
import { displayableDiff } from '../../text/unified-diff.ts';
import { separated } from '../../text/separated.ts';
import {
  debate,
  debateWished,
  previewDebate,
  specOf,
  type DebateInput,
  type DebateReport,
} from '../../use-cases/debate.ts';
import { debateStatus, listDebates, resumeDebate, showDebate } from '../../use-cases/debates.ts';
import { applyDebateChange, proposeDebateChange } from '../../use-cases/apply-debate.ts';
import type { Caller, Program } from '../../use-cases/program.ts';
import { confirm } from '../confirm.ts';
import { doLongWork } from '../tell-end.ts';
import { defineCommand, type CommandContext, type CommandOutcome } from '../command.ts';
import { flag, number, text } from '../option-kinds.ts';
import { configOptions, recordOptions } from '../options.ts';
import { runCostLines } from '../views/cost-view.ts';
import {
  debateListText,
  debateStatusText,
  estimateText,
  positionText,
} from '../views/debate-view.ts';
import { paintDiff } from '../views/diff-view.ts';
import { printable } from '../views/cells.ts';
import { createLiveView } from '../views/live.ts';
import { readBrief } from './new.ts';

const actions = ['start', 'resume', 'status', 'list', 'show', 'apply'] as const;

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('action', { choices: actions, demandOption: true })
      .positional('subject', {
        type: 'string',
        describe: 'With start: the proposal, a file or - for stdin; else a debate’s id',
      })
      .option('feature', text('With start, apply: the spec of this feature'))
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
      .option('summarise', flag('Read a proposal that is too large by section, shortened'))
      .option('force', flag('Go on although settings changed since the debate began'))
      .option('actions', text('With apply: ids, separated by commas; all without it'))
      .option('yes', { ...flag('With apply: write it without a question'), alias: 'y' })
      .option('dry-run', flag('With start: show who would debate, and what it may cost'))
      .options(configOptions('budget'))
      .options(recordOptions),
  async action(args, context) {
    const { action, subject } = args;
    const { screen, paint } = context;
    const program = await context.program();
    const critics = args.critics === undefined ? undefined : separated(args.critics);
    const wanted = debateWished({ ...args, critics });
    switch (action) {
      case 'start': {
        const { feature = null, name = null } = args;
        const proposal = await proposalOf(subject, feature, program, context);
        const input = { ...proposal, ...wanted, name };
        if (args.dryRun) {
          const preview = await previewDebate(input, program, context);
          return { json: preview, text: estimateText(preview) };
        }
        return reported(context, feature, (caller) => debate(input, program, caller));
      }
      case 'resume':
        return reported(context, null, (caller) =>
          resumeDebate(subject ?? null, wanted, program, caller),
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
      case 'apply': {
        const actionIds = args.actions === undefined ? [] : separated(args.actions);
        const { feature = null } = args;
        const about = { id: subject ?? null, actions: actionIds, feature };
        return applied(about, args.yes, program, context);
      }
    }
  },
});

async function reported(
  context: CommandContext,
  feature: string | null,
  run: (caller: Caller) => Promise<DebateReport>,
): Promise<CommandOutcome> {
  const { id, folder, position, cost, exitCode } = await doLongWork(
    { command: 'debate', ...(feature !== null && { feature }) },
    context,
    run,
    ({ position: { verdict, recommendation } }) => `${verdict}: ${recommendation}`,
  );
  return {
    exitCode,
    json: { id, folder, exitCode, position, cost },
    text: [
      positionText(position, context.paint),
      '',
      `All of it: ${folder}/final.md (blueprint debate show ${id})`,
      ...runCostLines(cost),
    ].join('\n'),
  };
}

async function applied(
  about: Parameters<typeof proposeDebateChange>[0],
  yes: boolean,
  program: Program,
  { screen, paint, signal, globals }: CommandContext,
): Promise<CommandOutcome> {
  const { listen, close } = createLiveView(screen);
  const caller = { listen, signal };
  const change = await proposeDebateChange(about, program, caller).finally(close);
  const { id, feature, actions: carried, diff: patch } = change;
  const told = { id, feature, actions: carried, diff: patch };
  if (patch === '')
    return { json: { ...told, written: [] }, text: 'The actions change nothing of it.' };
  const diff = paintDiff(displayableDiff(patch), paint).trimEnd();
  const asks = screen.interactive && !globals.json && !yes;
  if (asks) screen.note(diff);
  if (!yes && !(asks && (await confirm('Write this?', false, screen, signal))))
    return {
      exitCode: ExitCode.needsReview,
      json: { ...told, written: null },
      text: [
        ...(asks ? [] : [diff]),
        `Nothing is written. To write it: blueprint debate apply ${id} --yes`,
      ].join('\n'),
    };
  const written = await applyDebateChange(change, program, caller);
  const next = feature === null ? [] : [`Plan what changed: blueprint new --again ${feature}`];
  return {
    json: { ...told, written },
    text: [...(asks ? [] : [diff]), `Written: ${written.join(', ')}`, ...next].join('\n'),
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
  return { proposal: await specOf(feature, program), feature, file: null };
}
