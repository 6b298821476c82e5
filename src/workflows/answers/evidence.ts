import { wholeBundle, type Candidate } from '../../domain/candidate.ts';
import type { GateResult, GateStatus } from '../../domain/gate-result.ts';
import type { ModelIdentity } from '../../domain/model-role.ts';
import { isBlocking } from '../../domain/review.ts';
import { toSingleLine } from '../../domain/text.ts';
import type { Work } from '../../supervisor/work.ts';
import type { WorkflowInput } from '../workflow.ts';

/** What shows that an answer holds, or that it does not, as checks of files are told. */
export function evidence(gate: string, status: GateStatus, summary: string): GateResult {
  return { gate, status, summary: toSingleLine(summary), findings: [], durationMs: 0 };
}

/** An answer as judges take work: words without files. */
export function answerCandidate(text: string, author: ModelIdentity): Candidate {
  const bundle = wholeBundle(new Map(), { tests: [], commands: [], notes: text });
  return { bundle, changes: new Map(), author };
}

/**
 * What a debate of an answer that would be accepted says; null where none was asked for. Serious issues that
 * were not answered keep it from being accepted.
 */
export async function debated(
  work: Work,
  text: string,
  author: ModelIdentity,
  { route, parts, files }: Pick<WorkflowInput, 'route' | 'parts' | 'files'>,
): Promise<GateResult | null> {
  if (!route.controls.debate) return null;
  if (parts.debateRouted === undefined)
    return evidence('debate', 'skipped', 'a debate was asked for, and cannot be held here');
  const said = await parts.debateRouted(work, answerCandidate(text, author), files);
  const [issue, ...others] = said?.review.findings.filter(isBlocking) ?? [];
  if (issue === undefined) return evidence('debate', 'passed', 'no serious issue was left open');
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return evidence('debate', 'failed', `${issue.evidence}${more}`);
}
