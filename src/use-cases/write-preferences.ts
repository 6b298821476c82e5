import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { jsonWithHiddenShown } from '../domain/hidden-characters.ts';
import { fileHash, firstLine } from '../files/new-lines-file.ts';
import type { PreferenceFormat } from '../report/preferences/formats.ts';
import { linesOf, type PreferencePair } from '../report/preferences/lines.ts';
import {
  licenceNote,
  provenanceSchema,
  type ProvenanceHead,
} from '../report/preferences/provenance.ts';
import { parseJsonAs } from '../text/json-as.ts';
import { preferencePairs, type ExportSkipped } from './export-preferences.ts';
import { writeExports, type ExportPlace } from './export-place.ts';
import type { Program } from './program.ts';

export interface WritePreferences {
  /** Null: all work of the project. */
  readonly feature: string | null;
  readonly format: PreferenceFormat;
  /** Absolute; null: lines go to `print`. */
  readonly out: string | null;
  /** Absolute: where the provenance goes; null: beside `out`, or nowhere when there is none. */
  readonly provenance: string | null;
  readonly force: boolean;
  /** Takes each line where there is no `out`; null: they are only counted. */
  readonly print: ((line: string) => Promise<void>) | null;
}

export interface WrittenPreferences {
  readonly format: PreferenceFormat;
  readonly pairs: number;
  /** As many as pairs, but in the unpaired format. */
  readonly lines: number;
  /** Absolute. */
  readonly out: string | null;
  readonly provenance: string | null;
  /** `provider/model` of all answers, sorted. */
  readonly models: readonly string[];
  readonly skipped: ExportSkipped;
  readonly licence: string;
}

/**
 * Writes preference pairs, and where they come from beside them: both or neither.
 * @throws BlueprintError as `preferencePairs` and `writeExports` @throws InterruptedError
 */
export async function writePreferences(
  wanted: WritePreferences,
  program: Program,
  signal: AbortSignal,
): Promise<WrittenPreferences> {
  const { format, out, force, print } = wanted;
  const provenance = wanted.provenance ?? (out === null ? null : `${out}.provenance.jsonl`);
  const data: ExportPlace[] =
    out === null ? [] : [{ path: out, isOwn: () => isOwnPairs(out, provenance) }];
  const beside: ExportPlace[] =
    provenance === null
      ? []
      : [{ path: provenance, isOwn: async () => (await headOf(provenance)) !== null }];
  return writeExports([...data, ...beside], { force, program }, async (files) => {
    const pairsFile = out === null ? undefined : files[0];
    const sidecar = provenance === null ? undefined : files.at(-1);
    const hash = createHash('sha256');
    const models = new Set<string>();
    let lines = 0;
    let pairs = 0;
    const write = async (group: readonly PreferencePair[]): Promise<void> => {
      for (const { record, origin } of linesOf(group, format)) {
        lines++;
        const text = jsonLine(record);
        hash.update(`${text}\n`);
        await (pairsFile === undefined ? print?.(text) : pairsFile.write(text));
        await sidecar?.write(jsonLine({ ...origin, line: lines }));
      }
    };
    const source = preferencePairs(wanted, program, signal);
    let group: PreferencePair[] = [];
    let next = await source.next();
    while (next.done !== true) {
      const pair = next.value;
      pairs++;
      for (const model of [...pair.models.chosen, ...pair.models.rejected]) models.add(model);
      // The pairs of one prompt come one after the other; only labels have to know all of them.
      if (format !== 'trl-unpaired' || group[0]?.prompt !== pair.prompt) {
        await write(group);
        group = [];
      }
      group.push(pair);
      next = await source.next();
    }
    await write(group);
    const skipped = next.value;
    const found = { format, pairs, lines, models: [...models].sort() };
    const licence = licenceNote(found.models);
    const head: ProvenanceHead = {
      type: 'head',
      version: 1,
      created: program.now().toISOString(),
      file: out === null ? null : basename(out),
      sha256: hash.digest('hex'),
      licence,
      skipped: skipped.pairs,
      skippedLines: skipped.lines,
      ...found,
    };
    await pairsFile?.end();
    await sidecar?.end();
    await sidecar?.prepend(jsonLine(head));
    return { ...found, out, provenance, skipped, licence };
  });
}

function jsonLine(value: object): string {
  return jsonWithHiddenShown(JSON.stringify(value));
}

/** Its provenance names the very bytes that stand there. */
async function isOwnPairs(path: string, provenance: string | null): Promise<boolean> {
  const head = provenance === null ? null : await headOf(provenance);
  return head !== null && (await fileHash(path)) === head.sha256;
}

async function headOf(path: string): Promise<ProvenanceHead | null> {
  const line = parseJsonAs(await firstLine(path), provenanceSchema);
  return line?.type === 'head' ? line : null;
}
