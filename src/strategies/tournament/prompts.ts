import { fencedInstructions, renderFencedBundle } from '../../text/bundle/fenced.ts';
import { jsonInstructions } from '../../text/bundle/json.ts';
import { wholeBundle, type Candidate } from '../../domain/candidate.ts';
import type { MessagePart } from '../../models/language-model.ts';
import type { BundleCodec } from '../../models/generate-bundle.ts';
import type { Blocker } from './consolidate.ts';
import { normalisedChanges } from '../../text/content-key.ts';
import { approaches, type Lever } from './levers.ts';
import type { Critic } from '../../domain/tournament-settings.ts';

/** The task's own prompt, and what makes this candidate different last, so that all share the rest. */
export function candidatePrompt(
  parts: readonly MessagePart[],
  { id, approach }: Lever,
): MessagePart[] {
  const text = `# Your candidate

Several work on this task by themselves; the best work is taken. Yours is candidate ${id}: write the line «CANDIDATE: ${id}» before the files, or at the start of the notes.

Your way to go at it: ${approaches[approach] ?? approaches[0]} The task and its rules stand above this.`;
  return [...parts, { role: 'user', name: 'approach', text }];
}

const critiqueInstructions = `You are one of several critics who judge a candidate for a task of a software project. You do not know who wrote it, and you do not see the other critics. Each critic looks at one thing alone; yours is at the end.

Rules
- Judge by evidence: quote the work or trace what it does. Nothing to report is a good result; there is no quota.
- A failure is what must be mended. Its category: syntax = cannot be read or run; test = tests missing, wrong or failing; contract = not what the task, its acceptance criteria or the requirements ask; security = unsafe; performance, style, other. What would merely be nicer belongs in nextActions.
- Each failure: the evidence, path:line where there is one, and the smallest fix.
- All five scores from 0 to 1, from what you see through your charter: 1 = nothing wrong found, 0 = unusable.
- verdict is accept when you found no failure that must be mended, else revise with the failures.
- What another task of the plan is for is not missing here.`;

/**
 * Instructions, context and work are the same for all critics of a candidate, and the first two for all
 * candidates; the charter comes last. Authors' notes are left out: they praise their own work.
 */
export function critiquePrompt(
  context: readonly MessagePart[],
  label: string,
  { changes, bundle }: Candidate,
  passedGates: readonly string[],
  critic: Critic,
): MessagePart[] {
  const work = renderFencedBundle(
    wholeBundle(normalisedChanges(changes), {
      tests: bundle.tests.toSorted(),
      commands: [],
      notes: '',
    }),
  );
  const passed = passedGates.length === 0 ? 'none' : passedGates.join(', ');
  return [
    { role: 'system', name: 'instructions', text: critiqueInstructions, cache: true },
    ...context,
    {
      role: 'user',
      name: 'work',
      text: `# The candidate\n\nIts label, to be given back as it is: ${label}\nChecks that the tool has run and that passed: ${passed}\n\n${work}`,
      cache: true,
    },
    {
      role: 'user',
      name: 'charter',
      text: `# Your charter: ${critic.name}\n\n${critic.charter}\n\nJudge ${label} now.`,
    },
  ];
}

const synthesisInstructions = `You make the final revision of the best of several candidates for a task of a software project.

Make the smallest change to the winner that mends every finding that is right. The runner-up shows another way: take from it what mends a finding, and nothing else. Keep all else of the winner as it is: names, layout, tests that were not criticised. Where a finding is wrong, leave the work and say why in one line of notes. Never weaken or delete a test to make it pass.`;

export interface SynthesisAsked {
  readonly winner: Candidate;
  readonly runnerUp: Candidate | null;
  readonly blockers: readonly Blocker[];
  readonly actions: readonly string[];
  /** What the tool found in the last revision, where that was not taken. */
  readonly refused: readonly Blocker[];
}

export function synthesisPrompt(
  context: readonly MessagePart[],
  { winner, runnerUp, blockers, actions, refused }: SynthesisAsked,
  codec: BundleCodec,
): MessagePart[] {
  const format = codec === 'json' ? jsonInstructions : fencedInstructions;
  const other = runnerUp === null ? 'There is none.' : workText(runnerUp);
  const again =
    refused.length === 0
      ? ''
      : `\n\n# Why your last revision was not taken\n\nThe tool's own checks found in it:\n${findingText(refused)}`;
  return [
    {
      role: 'system',
      name: 'instructions',
      text: `${synthesisInstructions}\n\n${format}`,
      cache: true,
    },
    ...context,
    { role: 'user', name: 'runner-up', text: `# The runner-up\n\n${other}` },
    { role: 'user', name: 'work', text: `# The winner\n\n${workText(winner)}` },
    {
      role: 'user',
      name: 'findings',
      text: `# Findings that keep it from approval\n\n${findingText(blockers)}\n\n# What critics would have done\n\n${actions.map((action) => `- ${action}`).join('\n')}${again}\n\nSend the changed files (or edits of the winner) now.`,
    },
  ];
}

function workText({ changes, bundle }: Candidate): string {
  return renderFencedBundle(wholeBundle(changes, { ...bundle, notes: '' }));
}

function findingText(blockers: readonly Blocker[]): string {
  return blockers
    .map(
      ({ category, location, evidence, fixHint }, index) =>
        `${index + 1}. [${category}]${location === null ? '' : ` ${location}`}: ${evidence}\n   Fix: ${fixHint}`,
    )
    .join('\n');
}
