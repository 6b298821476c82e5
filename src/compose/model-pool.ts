import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { PoolModel } from '../domain/ensemble.ts';
import {
  formatModelRef,
  isRules,
  parseModelRef,
  type ModelRef,
  type ModelRole,
} from '../domain/model-role.ts';
import { knownContextTokens } from '../models/context-size.ts';
import type { ModelProvider } from '../models/language-model.ts';
import type { ModelPool } from '../strategies/strategy.ts';

/** Of these roles every model may answer; the lists of others hold small models for small work. */
const answering: readonly ModelRole[] = ['coder', 'architect', 'reviewer'];

/**
 * The models that roles and the ensemble's settings name, with what keeps each from being asked. Rules are
 * no models.
 * @param named further ones, as `provider/model`; what is no such name is left out.
 */
export function modelPool(
  config: Pick<ResolvedConfig, 'roles' | 'ensemble' | 'models'>,
  providers: ReadonlyMap<string, ModelProvider>,
  named: readonly string[] = [],
): ModelPool {
  const known = new Map<string, PoolModel | null>();
  const poolModel = (ref: ModelRef): PoolModel | null => {
    const provider = providers.get(ref.provider);
    if (provider === undefined || isRules(ref)) return null;
    const { identity } = provider.model(ref.model);
    return {
      model: formatModelRef(ref),
      provider: ref.provider,
      family: identity.family,
      contextTokens:
        config.models.get(formatModelRef(ref))?.contextTokens ?? knownContextTokens(ref),
      missing: provider.unavailable(),
    };
  };
  const ofRole = (role: ModelRole): ModelRef[] => {
    const { models, large } = config.roles[role];
    return [...models, ...large];
  };
  const inSettings = Object.values(config.ensemble.categories).flatMap(
    ({ primaries, validators }) => [...primaries, ...validators],
  );
  const extra = [...named, ...inSettings].flatMap((name) => parseModelRef(name) ?? []);
  const pool = (roles: readonly ModelRole[]): PoolModel[] => {
    const names = new Set<string>();
    return [...roles.flatMap(ofRole), ...extra].flatMap((ref) => {
      const name = formatModelRef(ref);
      if (names.has(name)) return [];
      names.add(name);
      const found = known.get(name) ?? poolModel(ref);
      known.set(name, found);
      return found ?? [];
    });
  };
  return {
    primaries: (role) => pool([role, ...answering]),
    validators: () => pool(['reviewer', ...answering]),
  };
}
