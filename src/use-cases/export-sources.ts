import { orNull } from '../domain/errors.ts';
import type { RunEvent, SkippedLines } from '../domain/event.ts';
import { storedCallOf, type StoredCall } from '../domain/stored-call.ts';
import { slashPath } from '../files/contained-path.ts';
import type { Program } from './program.ts';

/** A work folder that is read and never written. */
export interface ExportSource {
  readonly kind: 'feature' | 'asks' | 'tournaments' | 'debates';
  /** Of the folder. */
  readonly name: string;
  /** From the project's root. */
  readonly path: string;
  /** Null for what belongs to none. */
  readonly feature: string | null;
  readEvents(follow: (event: RunEvent) => void): Promise<SkippedLines>;
  /** A file of the folder; null where there is none that may be read. */
  read(file: string): Promise<string | null>;
}

/**
 * The work folders to read: one feature, or all features and then all asks, tournaments and debates.
 * @throws BlueprintError `feature-not-found`
 */
export async function exportSources(
  feature: string | null,
  program: Program,
  signal: AbortSignal,
): Promise<ExportSource[]> {
  const names = await program.features();
  // The store names what is near.
  if (feature !== null && !names.includes(feature)) await program.store.get(feature);
  const features = (feature === null ? names : [feature]).map((name): ExportSource => {
    const { artefacts, config } = program;
    const { readEvents } = program.look(name, signal);
    return {
      kind: 'feature',
      name,
      path: slashPath(config.root, artefacts.path(name, '')),
      feature: name,
      readEvents,
      read: (file) => orNull(artefacts.read(name, file)),
    };
  });
  if (feature !== null) return features;
  const works = await program.adHocWork();
  return [
    ...features,
    ...works.map(({ path, readEvents, read }): ExportSource => {
      const [name = '', kind] = path.split('/').reverse();
      return {
        kind: kind === 'asks' || kind === 'tournaments' ? kind : 'debates',
        name,
        path,
        feature: null,
        readEvents,
        read: (file) => orNull(read(file)),
      };
    }),
  ];
}

/** A finished call as it is kept; null where it is not, or cannot be read. Nothing is set aside for it. */
export async function keptCall(
  { read }: Pick<ExportSource, 'read'>,
  hash: string,
): Promise<StoredCall | null> {
  const text = await read(`calls/${hash}.json`);
  if (text === null) return null;
  try {
    const record: unknown = JSON.parse(text);
    return typeof record === 'object' ? storedCallOf(record) : null;
  } catch {
    return null;
  }
}

/** What a call was asked, part by part, as it was sent; null where not all of it is kept. */
export async function keptPrompt(
  { read }: Pick<ExportSource, 'read'>,
  { request }: StoredCall,
): Promise<{ role: 'system' | 'user' | 'assistant'; name: string; text: string }[] | null> {
  if (request === null) return null;
  const parts = [];
  for (const { role, name, hash } of request.parts) {
    const text = await read(`calls/parts/${hash}.txt`);
    if (text === null) return null;
    parts.push({ role, name, text });
  }
  return parts;
}
