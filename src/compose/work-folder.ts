import { join } from 'node:path';
import type { ResolvedConfig } from '../config/resolved-config.ts';
import { BlueprintError } from '../domain/errors.ts';
import { toSingleLine } from '../domain/text.ts';
import { jsonText, parseJsonAs } from '../text/json-as.ts';
import { underLease } from '../executor/by-hand.ts';
import type { FeaturePlace } from '../state/feature-folder.ts';
import { leaseLost } from '../domain/lease-lost.ts';
import type { Lease } from '../state/ports.ts';
import { folderOfKind, manifestSchema, type Manifest } from '../state/work-folder.ts';
import { sha256 } from '../text/sha256.ts';
import type { AdHocFolder, Session } from '../use-cases/program.ts';

type Named = Pick<AdHocFolder, 'name' | 'inputs'>;

declare const BLUEPRINT_VERSION: string | undefined;
/** The build puts it in. */
const program = typeof BLUEPRINT_VERSION === 'undefined' ? 'unbuilt' : BLUEPRINT_VERSION;

/** Where a work folder is, and the settings for what is done in it. */
export interface LocatedFolder {
  readonly name: string;
  readonly place: FeaturePlace;
  readonly config: ResolvedConfig;
}

export async function locateAdHoc(
  folder: AdHocFolder,
  displayRoot: string,
): Promise<LocatedFolder> {
  const { config, kind } = folder;
  // Version 0.1.0 named work by its inputs' text as it came, and kept it at the root.
  const first = nameOf(folder.name, JSON.stringify(folder.inputs));
  const featuresDir = await folderOfKind(config.root, kind, first);
  return {
    name: featuresDir === join(config.root, kind) ? first : adHocName(folder),
    place: { featuresDir, displayRoot, root: config.root },
    // It looks at the files as they are, and approves none.
    config: { ...config, workspace: { ...config.workspace, kind: 'folder' } },
  };
}

/** Where the same inputs lead to again, in whatever order their keys come: `short-name-1a2b3c4d5e6f`. */
export function adHocName({ name, inputs }: Named): string {
  const sorted = (_key: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return nameOf(name, JSON.stringify(inputs, sorted));
}

function nameOf(name: string, text: string): string {
  return `${name.slice(0, 40).replace(/-+$/, '')}-${sha256(text).slice(0, 12)}`;
}

/** What work is begun with. */
type Begun = Pick<AdHocFolder, 'inputs' | 'config' | 'facts' | 'force'> & {
  readonly kind: Manifest['kind'];
};

/**
 * Writes down what new work is begun with. What goes on must be what was begun.
 * @throws BlueprintError `work-changed` where facts differ, with each difference
 */
export async function keepManifest(
  { kind, inputs, config, facts, force = false }: Begun,
  { name, folder, artefacts }: Pick<Session, 'name' | 'folder' | 'artefacts'>,
  now: () => Date,
): Promise<void> {
  const file = await artefacts.read(name, 'manifest.json');
  const kept = parseJsonAs(file, manifestSchema);
  const differences = facts === undefined ? [] : differencesOf(kept?.facts ?? {}, facts);
  if (file !== null && differences.length === 0) return;
  if (file !== null && !force) throw changed(folder, kept === null ? [] : differences);
  // What was begun by version 0.1.0 has a journal and no manifest; a feature is planned before it has one.
  const isOld = kind !== 'features' && (await artefacts.list(name, '')).includes('journal.jsonl');
  if (file === null && isOld) return;
  const { roles, ensemble, tournament, debate, strategy, executor, supervisor } = config;
  const { pipeline, routing, gates, sandbox, calls, models } = config;
  const work = { ensemble, tournament, debate, strategy, executor, supervisor };
  const around = { pipeline, routing, gates, sandbox, calls, models: [...models] };
  const settings = { ...work, ...around };
  const manifest: Manifest = {
    version: 1,
    kind,
    created: kept?.created ?? now().toISOString(),
    program,
    // The prompts are those of the program's version, filled with the inputs.
    hash: sha256(JSON.stringify({ program, inputs, models: roles, settings, facts })),
    ...(facts && { facts }),
  };
  await artefacts.write(name, 'manifest.json', jsonText(manifest));
}

function differencesOf(
  kept: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): string[] {
  const names = [...new Set([...Object.keys(kept), ...Object.keys(now)])];
  return names
    .filter((name) => kept[name] !== now[name])
    .map((name) => `${name}: ${kept[name] ?? 'nothing'}, now ${now[name] ?? 'nothing'}`);
}

function changed(folder: string, differences: readonly string[]): BlueprintError {
  const what =
    differences.length === 0
      ? 'its manifest.json cannot be read'
      : `it was begun with other settings (${toSingleLine(differences.join('; '), 1_000)})`;
  return new BlueprintError({
    code: 'work-changed',
    message: `This work is not gone on with: ${what}`,
    target: `${folder}/manifest.json`,
    fix: 'Set them as they were, or give --force to go on with what is finished and the new settings for the rest.',
  });
}

/**
 * Works alone in a folder. Once another process has taken it over, nothing more is written from here.
 * @throws BlueprintError `work-held` while another process does; `lease-lost`
 */
export function withWholeFolder<T>(
  session: Session,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { name, folder } = session;
  const refused = (heldBy: string): BlueprintError =>
    new BlueprintError({
      code: 'work-held',
      message: `This very work is being done already: ${heldBy}`,
      target: folder,
      fix: 'Wait for that command to end; the same command then shows what it found.',
    });
  const alone = (lease: Lease): Promise<T> => work(writingUnder(lease, session));
  return underLease(name, 'work', session, alone, refused);
}

/** The session, but what is written asks first whether the lease is still held. */
function writingUnder(lease: Lease, session: Session): Session {
  const { artefacts, folder } = session;
  const requireLease = async (): Promise<void> => {
    if (await lease.isHeld()) return;
    throw new BlueprintError({
      code: leaseLost,
      message:
        'This very work was taken over by another command while this one was not heard of; nothing more of it is written here',
      target: folder,
      fix: 'Wait for that command to end; the same command then shows what it found.',
    });
  };
  return {
    ...session,
    artefacts: {
      ...artefacts,
      async write(...file) {
        await requireLease();
        await artefacts.write(...file);
      },
    },
    async outFolder(path) {
      const out = await session.outFolder(path);
      return {
        ...out,
        async write(changes) {
          await requireLease();
          return out.write(changes);
        },
      };
    },
  };
}
