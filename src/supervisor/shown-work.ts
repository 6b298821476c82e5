import { wholeBundle, type Candidate } from '../domain/candidate.ts';
import type { GateResult } from '../domain/gate-result.ts';
import type { Finding } from '../domain/review.ts';
import { renderFencedBundle } from '../text/bundle/render-fenced.ts';
import { fenced } from '../text/fence.ts';

/** A candidate as whole files, its author unnamed. Notes may be left out: authors praise their work in them. */
export function filesText({ changes, bundle }: Candidate, notes: 'notes' | 'no notes'): string {
  const files = renderFencedBundle(wholeBundle(changes, { ...bundle, notes: '' }));
  return notes === 'no notes' || bundle.notes === ''
    ? files
    : `${files}\nIts author’s notes:\n${fenced(bundle.notes)}\n`;
}

/** The same; of an answer without files its words, as they are, whatever is asked for. */
export function workText(candidate: Candidate, notes: 'notes' | 'no notes'): string {
  return candidate.changes.size === 0 ? candidate.bundle.notes : filesText(candidate, notes);
}

export function gateText(gates: readonly GateResult[]): string {
  return gates.map(({ gate, status, summary }) => `- ${gate}: ${status} (${summary})`).join('\n');
}

/** Findings by their ids, or numbered; a severity is named where there is one. */
export function findingText(
  findings: readonly (Omit<Finding, 'severity'> & Partial<Pick<Finding, 'severity'>>)[],
): string {
  return findings
    .map(({ id, severity, category, location, evidence, fixHint, ...more }, index) => {
      const kind = severity === undefined ? category : `${severity}, ${category}`;
      const doubt = more.standing === 'doubtful' ? ', in doubt' : '';
      const place = location === null ? '' : ` ${location}`;
      return `${id ?? index + 1}. [${kind}${doubt}]${place}: ${evidence}${provenText(more)}\n   Fix: ${fixHint}`;
    })
    .join('\n');
}

/** What a run has shown of a finding, with the test where one was given. */
function provenText({ standing, reason, test }: Partial<Finding>): string {
  if (standing !== 'proved') return '';
  const given = test ? `\n   ${test.path}:\n${test.content}` : '';
  return `\n   Proved: ${reason ?? ''}${given}`;
}
