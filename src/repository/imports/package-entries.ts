import * as z from 'zod';
import type { ProjectView } from '../../files/project-view.ts';
import { parseJsonAs } from '../../text/json-as.ts';
import { builtFrom, type ModuleFile } from './module-file.ts';

const targets = z.record(z.string(), z.unknown()).optional().catch(undefined);
const manifestSchema = z.object({
  name: z.string().optional().catch(undefined),
  source: z.string().optional().catch(undefined),
  types: z.string().optional().catch(undefined),
  module: z.string().optional().catch(undefined),
  main: z.string().optional().catch(undefined),
  exports: z.unknown().optional(),
  imports: targets,
});
type Manifest = z.infer<typeof manifestSchema>;

/** An npm package of the project, as its own files and others import from it. */
export interface PackageEntries {
  readonly folder: string;
  readonly name: string | null;
  /** What `name` (an empty text) or `name/sub` leads to. */
  file(sub: string): string | null;
  /** What `#x` leads to for its own files: a file, or the name of another package. */
  inner(specifier: string): { readonly file: string | null; readonly other: string | null };
}

/** @param name what else is known of its name */
export async function packageEntries(
  view: ProjectView,
  folder: string,
  name: string | null,
  find: ModuleFile,
): Promise<PackageEntries> {
  const path = folder === '' ? 'package.json' : `${folder}/package.json`;
  const text = view.files.has(path) ? await view.read(path) : null;
  const manifest =
    parseJsonAs(text?.replace(/^\ufeff/, '') ?? null, manifestSchema) ?? manifestSchema.parse({});
  const own = (target: string): string | null => builtFrom(folder, target, find);
  return {
    folder,
    name: manifest.name ?? name,
    file: (sub) =>
      first(exported(manifest, sub), own) ??
      (sub === '' ? first(mainTargets(manifest), own) : first([sub, `src/${sub}`], own)),
    inner(specifier) {
      const written = matching(manifest.imports ?? {}, specifier);
      const other = written.find((target) => !target.startsWith('.')) ?? null;
      return { file: first(written, own), other };
    },
  };
}

function first(
  candidates: readonly string[],
  find: (target: string) => string | null,
): string | null {
  for (const candidate of candidates) {
    const file = find(candidate);
    if (file !== null) return file;
  }
  return null;
}

function mainTargets({ source, module, main, types }: Manifest): string[] {
  const named = [source, module, main, types].filter((target) => target !== undefined);
  return [...named, 'src/index', 'index', 'src/main'];
}

function exported(manifest: Manifest, sub: string): string[] {
  const { exports } = manifest;
  if (exports === undefined || exports === null) return [];
  const key = sub === '' ? '.' : `./${sub}`;
  if (isTable(exports) && Object.keys(exports).some((one) => one.startsWith('.')))
    return matching(exports, key);
  return sub === '' ? leaves(exports) : [];
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The targets of the key that fits best: the same, else the longest with a star. */
export function matching(table: Readonly<Record<string, unknown>>, key: string): string[] {
  if (Object.hasOwn(table, key)) return leaves(table[key]);
  let best: { pattern: string; star: string } | null = null;
  for (const pattern of Object.keys(table)) {
    const star = starOf(pattern, key);
    if (star !== null && pattern.length > (best?.pattern.length ?? 0)) best = { pattern, star };
  }
  if (best === null) return [];
  const { pattern, star } = best;
  return leaves(table[pattern]).map((target) => target.replaceAll('*', star));
}

/** What the star of a pattern stands for; null where it does not fit. */
export function starOf(pattern: string, text: string): string | null {
  const at = pattern.indexOf('*');
  if (at === -1) return null;
  const before = pattern.slice(0, at);
  const after = pattern.slice(at + 1);
  const fits =
    text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after);
  return fits ? text.slice(before.length, text.length - after.length) : null;
}

/** Deeper conditions than people write are left. */
const deepest = 8;

/** Whatever the conditions: the project's files are looked for, not what one runtime would load. */
function leaves(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (depth > deepest || typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((one) => leaves(one, depth + 1));
}
