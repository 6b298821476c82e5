import { wholeBundle, type Candidate } from '../../domain/candidate.ts';
import type { Critic } from '../../domain/tournament-settings.ts';
import {
  cachedPart,
  instructionsPart,
  userPart,
  type MessagePart,
} from '../../models/language-model.ts';
import { renderFencedBundle } from '../../text/bundle/render-fenced.ts';
import { fenceRule } from '../../text/fence.ts';
import { normalisedChanges } from '../../text/content-key.ts';
import { citablePart } from '../counting/second-read-prompt.ts';
import type { Work } from '../work.ts';

const critiqueInstructions = `You are one of several critics who judge a candidate for a task of a software project. You do not know who wrote it, and you do not see the other critics. Each critic looks at one thing alone; yours is at the end.

Rules
- Judge by evidence: quote the work or trace what it does. Nothing to report is a good result; there is no quota.
- A failure is what must be mended. Its category: syntax = cannot be read or run; test = tests missing, wrong or failing; contract = not what the task, its acceptance criteria or the requirements ask; security = unsafe; performance, style, other. What would merely be nicer belongs in nextActions.
- Each failure: the evidence, path:line where there is one, and the smallest fix.
- All five scores from 0 to 1, from what you see through your charter: 1 = nothing wrong found, 0 = unusable.
- verdict is accept when you found no failure that must be mended, else revise with the failures.
- What another task of the plan is for is not missing here.
- ${fenceRule}`;

/** What critics are told where findings have to show something. */
const citingRule = `
- A failure that must be mended counts only if it cites, by its id, one of what is listed as what a finding can cite, and if its location is path:line of a line that is there: of what is missing, the line that needs it. Others are recorded, and stop nothing.`;

/**
 * Instructions, context and work are the same for all critics of a candidate, and the first two for all
 * candidates; the charter comes last. Authors' notes are left out: they praise their own work.
 */
export function critiquePrompt(
  { context, findings: rules }: Pick<Work, 'context' | 'findings'>,
  label: string,
  { changes, bundle }: Candidate,
  passedGates: readonly string[],
  critic: Critic,
): MessagePart[] {
  const tests = bundle.tests.toSorted();
  const work = renderFencedBundle(
    wholeBundle(normalisedChanges(changes), { tests, commands: [], notes: '' }),
  );
  const counts = rules.mode !== 'any';
  const passed = passedGates.length === 0 ? 'none' : passedGates.join(', ');
  return [
    instructionsPart(counts ? `${critiqueInstructions}${citingRule}` : critiqueInstructions),
    ...context,
    ...(counts ? [citablePart(rules)] : []),
    cachedPart(
      'work',
      `# The candidate\n\nIts label, to be given back as it is: ${label}\nChecks that the tool has run and that passed: ${passed}\n\n${work}`,
    ),
    userPart(
      'charter',
      `# Your charter: ${critic.name}\n\n${critic.charter}\n\nJudge ${label} now.`,
    ),
  ];
}
