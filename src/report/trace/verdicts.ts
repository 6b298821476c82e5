import type { TraceLine } from '../../domain/trace.ts';
import type { Evidence } from '../preferences/evidence.ts';
import { gatesSay, type SeenAttempt, type SeenWork } from '../preferences/seen-work.ts';

type Verdict = NonNullable<TraceLine['verdict']>;

/** What was said of what each author's call brought, by the request's hash; nothing of calls that nobody judged. */
export function verdictsOf(attempts: readonly SeenAttempt[]): ReadonlyMap<string, Verdict> {
  const verdicts = new Map<string, Verdict>();
  for (const attempt of attempts) {
    const { works } = attempt;
    for (const work of works.values()) add(work, verdictOn(work));
    // What a person decides is about how the attempt ended: its last revision.
    const last = [...works.values()].filter(({ calls }) => calls.size > 0).findLast(isRound);
    const proposed = works.get('proposed');
    if (last !== undefined && proposed !== undefined) add(last, verdictOn(proposed));
  }
  return verdicts;

  /** Of a reply and its repair the last is the work. */
  function add({ calls }: SeenWork, verdict: Verdict | null): void {
    const call = [...calls.keys()].at(-1);
    if (call !== undefined && verdict !== null) verdicts.set(call, verdict);
  }
}

function isRound({ name }: SeenWork): boolean {
  return name.startsWith('round-');
}

/** A person's word counts most, then what became of the work, then what was found in it. */
function verdictOn(work: SeenWork): Verdict | null {
  const { good, bad } = work;
  const byPerson = ({ kind }: Evidence): boolean => kind === 'person';
  const refusal = bad.find(byPerson);
  if (refusal !== undefined) return said('refused', refusal);
  const [approval] = good;
  if (approval !== undefined) return said('approved', approval);
  const [objection] = bad;
  if (objection !== undefined) return said('refused', objection);
  const { verdict, at } = gatesSay(work);
  return verdict === 'passed' || verdict === 'failed' ? { verdict, by: 'gates', at } : null;
}

function said(verdict: Verdict['verdict'], { kind, at }: Evidence): Verdict {
  return { verdict, by: kind, at };
}
