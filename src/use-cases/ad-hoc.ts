import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResolvedConfig } from '../config/resolved-config.ts';
import { BlueprintError } from '../domain/errors.ts';
import { featureName } from '../domain/feature-name.ts';
import type { Redactor } from '../text/redact.ts';
import { createArtefactStore } from '../state/artefacts.ts';
import { createLeaseKeeper } from '../state/leases.ts';
import { absentProviders } from '../compose/absent-providers.ts';
import { compose } from '../compose/compose.ts';
import { withoutSecretsInFiles } from '../compose/hide-secrets.ts';
import type { AppOptions } from '../compose/options.ts';
import { sessionsIn, type Listener } from '../compose/session.ts';
import { openSpending } from '../compose/spending.ts';
import type { Tape } from '../compose/tape.ts';
import { sha256 } from '../text/sha256.ts';

/** Folders below the root for work that belongs to no feature. */
export type AdHocKind = 'asks' | 'tournaments';

/** The program's parts that such work is put together from. */
export interface AdHocParts {
  readonly config: ResolvedConfig;
  readonly options: AppOptions;
  readonly redactor: Redactor;
  /** Of `--record` and `--replay`. */
  readonly tape?: Tape;
  /** Providers that were found not to answer, with the reason. */
  readonly absent?: ReadonlyMap<string, string>;
}

export interface AdHocRequest {
  readonly kind: AdHocKind;
  /** Begins the folder's name; of the form of a feature's name, at most 40 characters of it are used. */
  readonly name: string;
  /** All that decides the outcome, as plain data: the same again is the same work, and goes on. */
  readonly inputs: unknown;
}

/** Where the same inputs lead to again: `tournaments/short-name-1a2b3c4d5e6f`. */
export function adHocId({ name, inputs }: Pick<AdHocRequest, 'name' | 'inputs'>): string {
  const hash = sha256(JSON.stringify(inputs));
  return `${name.slice(0, 40).replace(/-+$/, '')}-${hash.slice(0, 12)}`;
}

export type AdHoc = Awaited<ReturnType<typeof open>>;

/**
 * Does work that belongs to no feature: with the same call store, journal, budget and gates, in a folder of
 * its own, over the project's files. One process at a time works on one such folder.
 * @throws BlueprintError `work-held` while another process does.
 */
export async function withAdHoc<T>(
  parts: AdHocParts,
  request: AdHocRequest,
  listen: Listener | undefined,
  work: (session: AdHoc) => Promise<T>,
): Promise<T> {
  const session = await open(parts, request, listen);
  const taken = await session.lease();
  if ('heldBy' in taken)
    throw new BlueprintError({
      code: 'work-held',
      message: `This very work is being done already: ${taken.heldBy}`,
      target: session.folder,
      fix: 'Wait for that command to end; the same command then shows what it found.',
    });
  try {
    return await work(session);
  } finally {
    await taken.lease.release();
    await session.close();
  }
}

async function open(parts: AdHocParts, request: AdHocRequest, listen: Listener | undefined) {
  const { config, options, redactor, tape, absent } = parts;
  const { cwd, now, warn } = options;
  const id = adHocId(request);
  const place = { featuresDir: join(config.root, request.kind), displayRoot: cwd, now };
  const artefacts = withoutSecretsInFiles(createArtefactStore(place), redactor);
  const { run, emit, close } = await sessionsIn(place, { redactor, now, warn })(id, listen);
  const spending = openSpending(config, artefacts.path(id, 'journal.jsonl'), run);
  const composed = await compose({
    slug: id,
    // It looks at the files as they are, and approves none.
    config: { ...config, workspace: { ...config.workspace, kind: 'folder' } },
    artefacts,
    emit,
    ...spending,
    options,
    place,
    redactor,
    absent: await absentProviders(config, options.signal),
    ...(tape !== undefined && { tape }),
    ...(absent !== undefined && { absent }),
  });
  return {
    id,
    /** Absolute. */
    folder: artefacts.path(id, ''),
    emit,
    close,
    router: composed.router,
    pool: composed.pool,
    /** The project's files; every reader remembers what it has read. */
    base: () => composed.workspace.project(),
    checkGates: composed.task.checkGates,
    blockingGates: composed.task.blockingGates,
    read: (path: string) => artefacts.read(id, path),
    /** The texts of that name in all folders of this kind, this one's among them. */
    async siblings(path: string): Promise<string[]> {
      const names = await readdir(place.featuresDir).catch(() => []);
      const known = names.filter((name) => featureName.safeParse(name).success);
      const texts = await Promise.all(known.map((name) => artefacts.read(name, path)));
      return texts.filter((text) => text !== null);
    },
    write: (path: string, text: string) => artefacts.write(id, path, text),
    lease: () => createLeaseKeeper(place).take(id, 'work', run),
  };
}
