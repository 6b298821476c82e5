import type { Candidate } from '../domain/candidate.ts';
import type { GateResult } from '../domain/gate-result.ts';
import type { Finding } from '../domain/review.ts';
import { bundleInstructions, type BundleCodec } from '../models/generate-bundle.ts';
import { instructionsPart, userPart, type MessagePart } from '../models/language-model.ts';
import { fenced, fenceRule } from '../text/fence.ts';
import { historyPart, type History } from './counting/history-part.ts';
import { citablePart } from './counting/second-read-prompt.ts';
import { namedFilesText, type NamedFile } from './named-files.ts';
import { filesText, findingText, gateText } from './shown-work.ts';
import type { Work } from './work.ts';

const reviewInstructions = `You review a colleague's work on one task of a software project. You do not know who wrote it.

Judge whether the work does what the task, its acceptance criteria and the requirements ask, and whether it is correct and safe. Read the code as it will run: trace edge cases, error paths and the tests.

Rules
- Report only what you can show in the work. No finding is a good result: there is no quota.
- Severity: blocker = wrong, unsafe or missing what was asked; major = will fail in realistic use, or a needed test is absent; minor and nit = worth knowing, do not stop it.
- Failed checks listed below were run by a tool and are facts. Do not argue with them; say how to mend them.
- Style and taste are at most minor. What another task of the plan is for is not missing here.
- verdict is accept when no blocker and no major finding is left, else revise.
- Each finding: the evidence (quote or trace), path:line where there is one, and the smallest fix.
- Scores run from 0 to 1.
- ${fenceRule}`;

/** What reviewers are told where findings have to show something. */
export const citingRule =
  '- A blocker or major finding counts only if it cites, by its id, one of what is listed as what a finding can cite, and if its location is path:line of a line that is there: of what is missing, the line that needs it. Others are recorded, and stop nothing. Someone else will read yours again.';

const countingRules = `
${citingRule}
- Where the project has tests and you can, give one that fails because of the finding and passes once it is mended: a whole new file, made as the project's own. It is run. One that fails proves the finding, one that passes refutes it.
- Where earlier findings are listed, give the id of the one that you find again, also in other words. What was refuted counts again only with a test that fails.`;

const correctInstructions = `You correct work on one task of a software project after its review.

Make the smallest change that mends every finding that is right. Keep all else as it is: names, layout, tests that were not criticised. Where a finding is wrong, leave the work and say why in one line of notes. Never weaken or delete a test to make it pass. ${fenceRule}`;

/** Context first, then the work, then what the tool found: the shared prefix is as long as can be. */
export function reviewPrompt(
  { context, findings: rules }: Pick<Work, 'context' | 'findings'>,
  candidate: Candidate,
  gates: readonly GateResult[],
  history: History | null = null,
): MessagePart[] {
  const counts = rules.mode !== 'any';
  return [
    instructionsPart(`${reviewInstructions}${counts ? countingRules : ''}`),
    ...context,
    ...(counts ? [citablePart(rules)] : []),
    userPart('work', `# The work under review\n\n${filesText(candidate, 'notes')}`),
    ...(history === null ? [] : [historyPart(history)]),
    userPart('checks', `# Checks run by the tool\n\n${foundText(gates)}\n\nReview the work now.`),
  ];
}

/** What checks say are words of tests and files: fenced, so that they are not taken for ours. */
function foundText(gates: readonly GateResult[]): string {
  if (gates.length === 0) return 'No checks were run.';
  const findings = gates.flatMap((gate) => gate.findings);
  const found = findings.length === 0 ? '' : `\n\n${findingText(findings)}`;
  return fenced(`${gateText(gates)}${found}`);
}

export function correctPrompt(
  context: readonly MessagePart[],
  candidate: Candidate,
  findings: readonly Finding[],
  named: readonly NamedFile[],
  codec: BundleCodec,
): MessagePart[] {
  const byId = findings.some(({ id }) => id !== undefined)
    ? 'Where you leave the work as it is, name the finding by its id in the notes.\n\n'
    : '';
  return [
    instructionsPart(`${correctInstructions}\n\n${bundleInstructions[codec]}`),
    ...context,
    userPart('work', `# The work so far\n\n${filesText(candidate, 'notes')}`),
    ...(named.length === 0 ? [] : [userPart('named-files', namedFilesText(named))]),
    userPart(
      'findings',
      `# Findings to mend\n\n${fenced(findingText(findings))}\n\n${byId}Send the changed files (or edits of the work so far) now.`,
    ),
  ];
}
