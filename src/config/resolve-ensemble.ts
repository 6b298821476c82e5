import type { CategoryMembers, EnsembleSettings } from '../domain/ensemble.ts';
import { taskCategories, type TaskCategory } from '../domain/task.ts';
import { defaultMembers } from './defaults.ts';
import type { Layer } from './layers.ts';

/**
 * Who is asked in an ensemble, each setting from the strongest layer that has it, above the defaults. A
 * mode of the command line is for every task, whatever is set for its type or category.
 * @param layers the strongest first.
 */
export function resolveEnsemble(layers: readonly Layer[]): EnsembleSettings {
  const written = layers.flatMap(({ config }) => config.ensemble ?? []);
  const asked = layers.some(
    ({ source, config }) => source === 'flag' && config.ensemble?.mode !== undefined,
  );
  const first = <T>(values: readonly (T | undefined)[]): T | undefined =>
    values.find((value) => value !== undefined);
  const membersOf = (category: TaskCategory): CategoryMembers => {
    const own = written.flatMap(({ categories }) => categories?.[category] ?? []);
    const { primaries, validators } = defaultMembers[category];
    return {
      mode: asked ? null : (first(own.map(({ mode }) => mode)) ?? null),
      primaries: first(own.map((each) => each.primaries)) ?? primaries,
      validators: first(own.map((each) => each.validators)) ?? validators,
    };
  };
  return {
    mode: first(written.map(({ mode }) => mode)) ?? 'auto',
    types: asked ? {} : Object.assign({}, ...written.map(({ types }) => types ?? {}).toReversed()),
    categories: Object.fromEntries(
      taskCategories.map((category) => [category, membersOf(category)]),
    ) as Record<TaskCategory, CategoryMembers>,
    timeoutMs: first(written.map(({ timeoutMs }) => timeoutMs)) ?? null,
  };
}
