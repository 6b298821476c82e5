import { instructionsPart, userPart, type MessagePart } from '../../models/language-model.ts';
import { fenced, fenceRule } from '../../text/fence.ts';
import type { Work } from '../work.ts';
import type { FindingRules } from './citable.ts';
import type { JudgedWork, NamedFinding } from './judged-work.ts';

const instructions = `You are the second reader of a review. A reviewer says that findings keep the work on one task of a software project from approval. You know neither the author nor the reviewer. Say of each finding whether it is right.

Rules
- holds: the work is as the finding says, and what the finding cites asks for something else.
- refuted: the work contradicts the finding. Its reasons name what does, by path:line or by a quote of the work in \`backticks\`; without that it counts as unsure. What you would merely judge otherwise is not refuted.
- unsure: what is shown does not tell.
- Trace the code as it will run before you decide. There is no quota either way.
- Each finding once, by its id. Look for no others.
- ${fenceRule}`;

/** The context that the review had, then the work; what differs between two readings comes last. */
export function secondReadPrompt(
  { context, findings: rules }: Pick<Work, 'context' | 'findings'>,
  { shown }: Pick<JudgedWork, 'shown'>,
  findings: readonly NamedFinding[],
): MessagePart[] {
  const list = findings.map(({ id, severity, category, location, cites, evidence }) => {
    const kind = severity === undefined ? category : `${severity}, ${category}`;
    const place = location === null ? '' : ` ${location}`;
    return `${id} [${kind}]${place}, cites ${cites ?? 'nothing'}: ${evidence}`;
  });
  return [
    instructionsPart(instructions),
    ...context,
    citablePart(rules),
    ...(shown === null ? [] : [userPart('work', `# The work under review\n\n${shown}`)]),
    userPart('findings', `# The findings\n\n${fenced(list.join('\n'))}\n\nRead them now.`),
  ];
}

export const citableName = 'citable';

/** What a finding can cite, by its id. */
export function citablePart({ citable }: Pick<FindingRules, 'citable'>): MessagePart {
  const list = citable.map(({ id, text }) => `${id}: ${text.replace(/\s+/g, ' ').trim()}`);
  return userPart(citableName, `# What a finding can cite\n\n${fenced(list.join('\n'))}`);
}
