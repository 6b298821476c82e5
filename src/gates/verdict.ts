import type { GateStatus } from '../domain/gate-result.ts';
import type { Finding } from '../domain/review.ts';

/** What a check found. */
export interface Verdict {
  readonly status: GateStatus;
  readonly summary: string;
  readonly findings: readonly Finding[];
  /** Where code was run: whether anything kept it from the rest of the machine. */
  readonly isolated?: boolean;
}

export function skipped(summary: string): Verdict {
  return { status: 'skipped', summary, findings: [] };
}

/** The checker could not do its work: that says nothing of what it was to judge. */
export function errored(reason: string, fix: string): Verdict {
  return { status: 'errored', summary: `${reason}. Fix: ${fix}`, findings: [] };
}

/** Failed where there are findings, in the words of the first; else passed. */
export function verdictOn(findings: readonly Finding[], passed: string): Verdict {
  const [first] = findings;
  if (first === undefined) return { status: 'passed', summary: passed, findings };
  return { status: 'failed', summary: first.evidence.split('\n')[0] ?? '', findings };
}

/** Failed for what would sway its own check. @param findings at least one */
export function tampered(findings: readonly Finding[]): Verdict {
  const [first] = findings;
  const what = `${first?.location ?? ''}: ${first?.evidence ?? ''}`;
  return { status: 'failed', summary: `tampering: ${what}`, findings };
}

/** A finding that keeps the work from approval. */
export function blocker(
  category: string,
  location: string | null,
  evidence: string,
  fixHint: string,
): Finding {
  return { category, severity: 'blocker', evidence, location, fixHint };
}

/** For whoever looks for the fault without the tool, in the project's folder. */
export function byHandWords({ byHand }: { readonly byHand: string }): string {
  return `By hand: ${byHand}`;
}

/** For a command that fails on the project as it is. */
export function otherCommandWords(plan: {
  readonly byHand: string;
  readonly withoutHooks?: string;
}): string {
  const other =
    plan.withoutHooks === undefined
      ? 'name a command that passes with --test-command "…"'
      : `leave out what runs before and behind the tests with --test-command "${plan.withoutHooks}"`;
  return `Mend it, or ${other}. ${byHandWords(plan)}`;
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
