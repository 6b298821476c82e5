import { severities, type Finding } from '../domain/review.ts';
import type { DebateIssue, IssueReply } from '../domain/debate.ts';
import { toSingleLine } from '../domain/text.ts';
import { overlap } from '../text/overlap.ts';

type Severity = Finding['severity'];

/** What one critic raised in one round; 0 is the baseline. */
export interface Contribution {
  readonly critic: string;
  readonly round: number;
  readonly issues: readonly IssueReply[];
}

/**
 * All issues, each once, in the order in which they were raised: what two critics found is one issue with
 * both origins, what one critic says again is no new one. Quotes are looked up in the proposal; without any
 * that is there, an issue is minor at most. Later contributions never change an earlier issue's id.
 */
export function collectIssues(
  proposal: string,
  contributions: readonly Contribution[],
): DebateIssue[] {
  const text = normalised(proposal);
  const issues: DebateIssue[] = [];
  for (const { critic, round, issues: raised } of contributions)
    for (const reply of raised) {
      const issue = asIssue(reply, text, `I${issues.length + 1}`, { critic, round });
      const known = issues.find((each) => isSame(each, issue));
      if (known === undefined) issues.push(issue);
      else join(known, issue);
    }
  return issues;
}

function asIssue(
  { id: ownId, severity, title, claim, evidence, breaks }: IssueReply,
  proposal: string,
  id: string,
  { critic, round }: Pick<Contribution, 'critic' | 'round'>,
): DebateIssue {
  const quotes = evidence.map((quote) => ({ quote, found: isIn(quote, proposal) }));
  const grounded = quotes.some(({ found }) => found);
  return {
    id,
    severity: grounded || isWeaker(severity, 'minor') ? severity : 'minor',
    saidSeverity: severity,
    title: toSingleLine(title, 200),
    claim,
    evidence: quotes,
    breaks,
    origins: [{ critic, id: toSingleLine(ownId, 40) }],
    round,
  };
}

/** Whether a text has the words of a quote, in this order, in whatever layout; an ellipsis may mark a gap. */
export function isQuoted(quote: string, text: string): boolean {
  return isIn(quote, normalised(text));
}

function isIn(quote: string, proposal: string): boolean {
  const parts = quote.split(/…|\.{3,}/).map(normalised);
  const long = parts.filter((part) => part.length >= shortestQuote);
  if (long.length === 0) return false;
  let from = 0;
  for (const part of parts) {
    const at = proposal.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return true;
}

/** Characters; what is shorter stands in every text. */
const shortestQuote = 8;

function normalised(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[‘’]/g, "'")
    .replace(/[“”„«»"*_`>|]/g, '')
    .replace(/[‐-―]/g, '-')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

function isSame(one: DebateIssue, other: DebateIssue): boolean {
  const shared = overlap(wordsOf(one.title), wordsOf(other.title));
  if (shared === 1) return true;
  return shared >= 0.4 && sharesQuote(one, other);
}

function sharesQuote(one: DebateIssue, other: DebateIssue): boolean {
  const quotesOf = ({ evidence }: DebateIssue): string[] =>
    evidence.flatMap(({ quote, found }) => (found ? normalised(quote) : []));
  const others = quotesOf(other);
  return quotesOf(one).some((a) => others.some((b) => a.includes(b) || b.includes(a)));
}

function wordsOf(title: string): Set<string> {
  return new Set(normalised(title).match(/[\p{L}\p{N}]+/gu));
}

function join(known: DebateIssue, again: DebateIssue): void {
  if (isWeaker(known.severity, again.severity)) known.severity = again.severity;
  if (isWeaker(known.saidSeverity, again.saidSeverity)) known.saidSeverity = again.saidSeverity;
  const quotes = new Set(known.evidence.map(({ quote }) => quote));
  known.evidence.push(...again.evidence.filter(({ quote }) => !quotes.has(quote)));
  const isKnown = (origin: DebateIssue['origins'][number]): boolean =>
    known.origins.some(({ critic, id }) => critic === origin.critic && id === origin.id);
  known.origins.push(...again.origins.filter((origin) => !isKnown(origin)));
}

function isWeaker(one: Severity, other: Severity): boolean {
  return severities.indexOf(one) > severities.indexOf(other);
}

/** Issues that keep a proposal from being built as it is. */
export function isSerious({ severity }: Pick<DebateIssue, 'severity'>): boolean {
  return severity === 'blocker' || severity === 'major';
}

export function isGrounded({ evidence }: Pick<DebateIssue, 'evidence'>): boolean {
  return evidence.some(({ found }) => found);
}

export function isOf(critic: string): (issue: DebateIssue) => boolean {
  return ({ origins }) => origins.some((origin) => origin.critic === critic);
}

/** `3 issues: 1 blocker, 2 minor`. */
export function countsText(issues: readonly Pick<DebateIssue, 'severity'>[]): string {
  const counts = severities.flatMap((severity) => {
    const count = issues.filter((issue) => issue.severity === severity).length;
    return count === 0 ? [] : `${count} ${severity}`;
  });
  const all = `${issues.length} ${issues.length === 1 ? 'issue' : 'issues'}`;
  return counts.length === 0 ? all : `${all}: ${counts.join(', ')}`;
}
