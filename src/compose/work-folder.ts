import { join } from 'node:path';
import type { ResolvedConfig } from '../config/resolved-config.ts';
import { BlueprintError } from '../domain/errors.ts';
import type { FeaturePlace } from '../state/feature-folder.ts';
import { sha256 } from '../text/sha256.ts';
import type { AdHocFolder, Session } from '../use-cases/program.ts';

/** Where a work folder is, and the settings for what is done in it. */
export interface LocatedFolder {
  readonly name: string;
  readonly place: FeaturePlace;
  readonly config: ResolvedConfig;
}

export function locateAdHoc(folder: AdHocFolder, displayRoot: string): LocatedFolder {
  const { config, kind } = folder;
  return {
    name: adHocName(folder),
    place: { featuresDir: join(config.root, kind), displayRoot },
    // It looks at the files as they are, and approves none.
    config: { ...config, workspace: { ...config.workspace, kind: 'folder' } },
  };
}

/** Where the same inputs lead to again: `short-name-1a2b3c4d5e6f`. */
export function adHocName({ name, inputs }: Pick<AdHocFolder, 'name' | 'inputs'>): string {
  const hash = sha256(JSON.stringify(inputs));
  return `${name.slice(0, 40).replace(/-+$/, '')}-${hash.slice(0, 12)}`;
}

/** Works alone in a folder. @throws BlueprintError `work-held` while another process does. */
export async function withWholeFolder<T>(
  session: Session,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { name, folder, leases, run } = session;
  const taken = await leases.take(name, 'work', run);
  if ('heldBy' in taken)
    throw new BlueprintError({
      code: 'work-held',
      message: `This very work is being done already: ${taken.heldBy}`,
      target: folder,
      fix: 'Wait for that command to end; the same command then shows what it found.',
    });
  try {
    return await work(session);
  } finally {
    await taken.lease.release();
  }
}
