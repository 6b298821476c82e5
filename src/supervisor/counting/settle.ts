import * as z from 'zod';
import { failedGates } from '../../domain/gate-result.ts';
import type { ModelIdentity } from '../../domain/model-role.ts';
import { findingStandings, isSevere, type Finding } from '../../domain/review.ts';
import { exactKey } from '../../text/content-key.ts';
import { placeOf } from '../../text/finding-key.ts';
import { sha256 } from '../../text/sha256.ts';
import { recall, remember, type Step, type StepFiles } from '../steps.ts';
import type { Work } from '../work.ts';
import { lackOf } from './grounds.ts';
import type { JudgedWork, NamedFinding } from './judged-work.ts';
import type { KnownFinding, Ledger } from './ledger.ts';
import { proofsOf, type Proof, type TryTests } from './proving-tests.ts';
import { readAgain } from './second-reader.ts';

/** How a finding stands, and why. */
type Standing = Required<Pick<Finding, 'standing' | 'reason'>>;

export interface Settling {
  readonly judged: JudgedWork;
  /** Whose findings these are. */
  readonly reviewers: readonly ModelIdentity[];
  readonly ledger: Ledger;
  readonly round: number;
  readonly files: StepFiles;
  /** Absent: no test is run. */
  readonly tryTests?: TryTests | undefined;
  /** Whether a second reader is asked; true when absent. */
  readonly asks?: boolean;
}

export interface Settled {
  readonly findings: Finding[];
  /** On how they were settled, for people. */
  readonly note: string | null;
}

/**
 * Says of findings which of them count, by the rules of the work; each gets its id. One that was settled
 * elsewhere stays as it is. What a finished settling gave is remembered.
 * @throws BlueprintError of the budget. @throws InterruptedError
 */
export async function settle(
  work: Work,
  found: readonly Finding[],
  settling: Settling,
): Promise<Settled> {
  const { mode } = work.findings;
  if (mode === 'any') return { findings: found.map(unsettled), note: null };
  const { ledger, round, files } = settling;
  const named = ledger.named(found);
  const open = named.filter((each) => isSevere(each) && each.standing === undefined);
  const step = stepOf(work, open, settling);
  const kept = open.length === 0 ? { standings: [], note: null } : await recall(files, step);
  const settled = kept ?? (await standingsOf(work, open, settling));
  if (kept === null) await remember(files, step, settled);
  const byId = new Map(open.map(({ id }, at) => [id, settled.standings[at]]));
  const findings = named.map((finding) => {
    const standing = byId.get(finding.id);
    return standing === undefined ? elsewhere(finding, mode) : { ...finding, ...standing };
  });
  ledger.record(round, findings);
  return { findings, note: settled.note };
}

const settledSchema = z.strictObject({
  standings: z.array(z.strictObject({ standing: z.enum(findingStandings), reason: z.string() })),
  note: z.string().nullable(),
});
type Standings = z.infer<typeof settledSchema>;

function stepOf(
  { findings: { mode }, salt }: Work,
  open: readonly Finding[],
  { judged, ledger, round, asks = true }: Settling,
): Step<Standings> {
  const refuted = ledger.all().filter(({ finding }) => finding.standing === 'refuted');
  const about = { mode, salt, open, round, asks, refuted: refuted.map(({ id }) => id) };
  const key = sha256(`${exactKey(judged.changes)} ${JSON.stringify(about)}`);
  return { name: `findings/${key.slice(0, 16)}.json`, key, schema: settledSchema, sealed: true };
}

async function standingsOf(
  work: Work,
  open: readonly Finding[],
  { judged, reviewers, ledger, round, tryTests, asks = true }: Settling,
): Promise<Standings> {
  const { base, signal } = work;
  const { changes } = judged;
  const proofs =
    tryTests === undefined
      ? new Map<string, Proof>()
      : await proofsOf(open, { changes, base, signal, tryTests });
  const early = await Promise.all(
    open.map((finding) =>
      withoutReader(work, finding, judged, {
        known: ledger.known(finding.id ?? ''),
        proof: proofs.get(finding.id ?? ''),
      }),
    ),
  );
  const grounded = open.flatMap((finding, at): NamedFinding[] => {
    const { id = '' } = finding;
    return early[at] === null ? [{ ...finding, id }] : [];
  });
  const read =
    grounded.length === 0 || !asks
      ? null
      : await readAgain(work, judged, grounded, { reviewers, round });
  const standings = open.map(({ id = '' }, at): Standing => {
    const refuted = read?.refuted.get(id);
    return early[at] ?? groundedOr(refuted, read?.reader ?? null);
  });
  return { standings, note: read?.note ?? null };
}

/** How a finding stands whoever reads it; null where a second reader decides. */
async function withoutReader(
  work: Work,
  finding: Finding,
  judged: JudgedWork,
  { known, proof }: { readonly known: KnownFinding | null; readonly proof: Proof | undefined },
): Promise<Standing | null> {
  const gate = gateAt(finding, judged);
  if (gate !== null) return { standing: 'proved', reason: `the check ${gate} failed there` };
  if (proof?.shows === 'fails') return { standing: 'proved', reason: proof.reason };
  if (proof?.shows === 'passes') return { standing: 'refuted', reason: proof.reason };
  const also = proof === undefined ? '' : `; ${proof.reason}`;
  if (known?.finding.standing === 'refuted')
    return { standing: 'refuted', reason: known.finding.reason ?? 'it was refuted before' };
  if (work.findings.mode === 'proved')
    return { standing: 'doubtful', reason: `no run proves it${also}` };
  const lack = await lackOf(finding, work.findings, judged, work.base);
  return lack === null ? null : { standing: 'doubtful', reason: `${lack}${also}` };
}

/** The failed check that found something on the same line; null where none did. */
function gateAt({ location }: Finding, { gates }: JudgedWork): string | null {
  const place = placeOf(location);
  if (place === null) return null;
  const isThere = (other: Finding): boolean => {
    const found = placeOf(other.location);
    return found?.path === place.path && found.line === place.line;
  };
  return failedGates(gates).find(({ findings }) => findings.some(isThere))?.gate ?? null;
}

export function groundedOr(refuted: string | undefined, reader: string | null): Standing {
  if (refuted !== undefined) return { standing: 'refuted', reason: refuted };
  const by = reader === null ? 'nobody else has read it' : `${reader} does not refute it`;
  return { standing: 'grounded', reason: `what it cites is there; ${by}` };
}

/** As it stands for a reader of the plain form. */
function unsettled(finding: Finding): Finding {
  const { category, severity, evidence, location, fixHint } = finding;
  return { category, severity, evidence, location, fixHint };
}

/** How it was settled elsewhere, as a debate; it is not proved by that. */
function elsewhere(finding: Finding, mode: Work['findings']['mode']): Finding {
  return mode === 'proved' && finding.standing === 'grounded'
    ? { ...finding, standing: 'doubtful', reason: 'no run proves it' }
    : finding;
}
