import { sha256 } from '../../text/sha256.ts';
import type { Evidence } from './evidence.ts';
import { labelledRecord, pairRecord, type PairTexts, type PreferenceFormat } from './formats.ts';
import type { ProvenanceLabel, ProvenancePair } from './provenance.ts';

/** Two answers to one prompt, and what says which is better. */
export interface PreferencePair extends PairTexts {
  /** Of the work folder, from the project's root. */
  readonly folder: string;
  readonly feature: string | null;
  readonly task: string | null;
  /** Numbers of the attempts that the two are from; none for a debate. */
  readonly attempts: readonly number[];
  /** Who wrote at each, `provider/model`. */
  readonly models: { readonly chosen: readonly string[]; readonly rejected: readonly string[] };
  readonly evidence: readonly Evidence[];
}

/** A line of a file of pairs, and where it comes from. */
export interface PreferenceLine {
  readonly record: object;
  readonly origin: Omit<ProvenancePair, 'line'> | Omit<ProvenanceLabel, 'line'>;
}

/** The lines of a pair; of the unpaired format those of all pairs with one prompt. */
export function linesOf(
  pairs: readonly PreferencePair[],
  format: PreferenceFormat,
): PreferenceLine[] {
  if (format === 'trl-unpaired') return labelledLines(pairs);
  return pairs.map((pair) => ({
    record: pairRecord(format, pair),
    origin: {
      type: 'pair',
      ...about(pair),
      models: { chosen: [...pair.models.chosen], rejected: [...pair.models.rejected] },
      chosenSha256: sha256(pair.chosen),
      rejectedSha256: sha256(pair.rejected),
    },
  }));
}

/** Each answer once. One that is better than a second and worse than a third is neither good nor bad. */
function labelledLines(pairs: readonly PreferencePair[]): PreferenceLine[] {
  const chosen = new Set(pairs.map((pair) => pair.chosen));
  const rejected = new Set(pairs.map((pair) => pair.rejected));
  const seen = new Set<string>();
  return pairs.flatMap((pair) =>
    (['chosen', 'rejected'] as const).flatMap((side): PreferenceLine[] => {
      const completion = pair[side];
      const isBoth = chosen.has(completion) && rejected.has(completion);
      if (isBoth || seen.has(completion)) return [];
      seen.add(completion);
      const label = side === 'chosen';
      return [
        {
          record: labelledRecord({ prompt: pair.prompt, completion, label }),
          origin: {
            type: 'label',
            ...about(pair),
            label,
            models: [...pair.models[side]],
            completionSha256: sha256(completion),
          },
        },
      ];
    }),
  );
}

function about({ folder, feature, task, attempts, evidence, prompt }: PreferencePair) {
  return {
    folder,
    feature,
    task,
    attempts: [...attempts],
    evidence: evidence.map(({ kind, at, by }) => ({ kind, at, by })),
    at: evidence.at(-1)?.at ?? '',
    promptSha256: sha256(JSON.stringify(prompt)),
  };
}
