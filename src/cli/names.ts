import { BlueprintError, orNull } from '../domain/errors.ts';
import type { Program } from '../use-cases/program.ts';

type Arguments = Readonly<Record<string, unknown>>;

/**
 * The arguments with the names of features and tasks as they are kept: a feature by the beginning of its name,
 * where one alone begins so, a task in any case. What is not found stays for its command to report.
 * @throws BlueprintError `feature-ambiguous`
 */
export async function withFullNames(
  args: Arguments,
  program: () => Promise<Program>,
): Promise<Arguments> {
  const { feature: given, again, task, dependsOn, restore } = args;
  const named: Record<string, unknown> = {};
  if (typeof again === 'string') named['again'] = await featureNamed(again, await program());
  // `rm` takes away what is named: it is named in full.
  const isExact = (args['_'] as readonly unknown[] | undefined)?.[0] === 'rm';
  if (typeof given !== 'string' || isExact) return { ...args, ...named };

  if (restore === true) {
    const archived = await (await program()).archive.list();
    return { ...args, feature: nameOf(given, archived) };
  }
  const feature = await featureNamed(given, await program());
  named['feature'] = feature;
  const ids = [task, typeof dependsOn === 'string' ? dependsOn.split(',') : []]
    .flat()
    .filter((id) => typeof id === 'string');
  if (ids.every(isPlain)) return { ...args, ...named };
  const { store } = await program();
  const kept = new Map(
    ((await orNull(store.read(feature)))?.tasks ?? []).map(({ id }) => [id.toLowerCase(), id]),
  );
  const full = (id: unknown): unknown =>
    typeof id === 'string' ? (kept.get(id.trim().toLowerCase()) ?? id) : id;
  if (task !== undefined) named['task'] = Array.isArray(task) ? task.map(full) : full(task);
  if (typeof dependsOn === 'string') {
    named['dependsOn'] = dependsOn.split(',').map(full).join(',');
    named['depends-on'] = named['dependsOn'];
  }
  return { ...args, ...named };
}

/** As most ids are written: nothing has to be read to know them. */
function isPlain(id: string): boolean {
  return /^T\d+$/.test(id);
}

async function featureNamed(given: string, { features }: Program): Promise<string> {
  return nameOf(given, await features());
}

function nameOf(given: string, names: readonly string[]): string {
  const begun = given.toLowerCase();
  if (names.includes(given) || begun === '') return given;
  if (names.includes(begun)) return begun;
  const found = names.filter((name) => name.startsWith(begun));
  if (found.length <= 1) return found[0] ?? given;
  throw new BlueprintError({
    code: 'feature-ambiguous',
    message: `«${begun}» begins the names of several features: ${found.slice(0, 5).join(', ')}${found.length > 5 ? ', …' : ''}`,
    target: given,
    fix: 'Write more of the name.',
  });
}
