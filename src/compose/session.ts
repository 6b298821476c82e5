import { randomBytes } from 'node:crypto';
import { isPassing, type Emit, type RunEvent, type RunEventBody } from '../domain/event.ts';
import type { Redactor } from '../text/redact.ts';
import { assertContained, featurePath, type FeaturePlace } from '../state/feature-folder.ts';
import { openJournal, type OpenJournal } from '../state/journal.ts';
import type { Listener } from '../use-cases/program.ts';

/** Of the events that are written; said here, so that emitting does not load their schema. */
const version: RunEvent['version'] = 2;

/** What is opened for one command on one work folder: its run id, and where its events go. */
export interface OpenSession {
  readonly run: string;
  readonly emit: Emit;
  readonly close: () => Promise<void>;
}

/** A session on a folder of a place, with its `journal.jsonl`. */
export async function openSession(
  place: FeaturePlace,
  name: string,
  from: {
    redactor: Redactor;
    now: () => Date;
    warn: (message: string) => void;
    listen?: Listener | undefined;
  },
): Promise<OpenSession> {
  const { redactor, now, warn, listen } = from;
  const run = `${now().toISOString().replace(/\D/g, '').slice(0, 14)}-${randomBytes(3).toString('hex')}`;
  const path = featurePath(place, name, 'journal.jsonl');
  await assertContained(place, path);
  // Opened with the first event, so that a command that is refused leaves nothing behind.
  let journal: Promise<OpenJournal> | null = null;
  const append = (event: RunEvent): void => {
    journal ??= openJournal(path, {
      onError: (error) => warn(`warning: the journal cannot be written: ${error.message}`),
    });
    void journal.then((opened) => opened.append(event));
  };
  const emit = (body: RunEventBody): void => {
    const event: RunEvent = redactor.deep({ at: now().toISOString(), run, version, ...body });
    // What a reply brings as it is written is most of a run's events, and stands in the stored call.
    if (!isPassing(event)) append(event);
    listen?.(event);
  };
  return { run, emit, close: async () => (await journal)?.close() };
}
