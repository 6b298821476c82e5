import type { Candidate } from '../../domain/candidate.ts';
import { bundleInstructions, type BundleCodec } from '../../models/generate-bundle.ts';
import { instructionsPart, userPart, type MessagePart } from '../../models/language-model.ts';
import type { Blocker } from '../../supervisor/critics/consolidate.ts';
import { fenced, fenceRule } from '../../text/fence.ts';
import { filesText, findingText } from '../../supervisor/shown-work.ts';
import { approaches, type Lever } from './levers.ts';

/** The task's own prompt, and what makes this candidate different last, so that all share the rest. */
export function candidatePrompt(
  parts: readonly MessagePart[],
  { id, approach }: Lever,
): MessagePart[] {
  const text = `# Your candidate

Several work on this task by themselves; the best work is taken. Yours is candidate ${id}: write the line «CANDIDATE: ${id}» before the files, or at the start of the notes.

Your way to go at it: ${approaches[approach] ?? approaches[0]} The task and its rules stand above this.`;
  return [...parts, userPart('approach', text)];
}

const synthesisInstructions = `You make the final revision of the best of several candidates for a task of a software project.

Make the smallest change to the winner that mends every finding that is right. The runner-up shows another way: take from it what mends a finding, and nothing else. Keep all else of the winner as it is: names, layout, tests that were not criticised. Where a finding is wrong, leave the work and say why in one line of notes. Never weaken or delete a test to make it pass. ${fenceRule}`;

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
  const other = runnerUp === null ? 'There is none.' : filesText(runnerUp, 'no notes');
  const wished = fenced(actions.map((action) => `- ${action}`).join('\n'));
  const again =
    refused.length === 0
      ? ''
      : `\n\n# Why your last revision was not taken\n\nThe tool's own checks found in it:\n${fenced(findingText(refused))}`;
  return [
    instructionsPart(`${synthesisInstructions}\n\n${bundleInstructions[codec]}`),
    ...context,
    userPart('runner-up', `# The runner-up\n\n${other}`),
    userPart('work', `# The winner\n\n${filesText(winner, 'no notes')}`),
    userPart(
      'findings',
      `# Findings that keep it from approval\n\n${fenced(findingText(blockers))}\n\n# What critics would have done\n\n${wished}${again}\n\nSend the changed files (or edits of the winner) now.`,
    ),
  ];
}
