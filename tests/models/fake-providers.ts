import type { ResolvedRole } from '../../src/config/resolved-config.ts';
import type { Emit } from '../../src/domain/event.ts';
import {
  formatModelRef,
  modelRoles,
  parseModelRef,
  type ModelRole,
} from '../../src/domain/model-role.ts';
import type { Cooldown } from '../../src/models/cooldown.ts';
import type { LanguageModel, ModelProvider, ModelRouter } from '../../src/models/language-model.ts';
import { createRouter } from '../../src/models/router.ts';

/** Forgets every failure. */
const neverCooling: Cooldown = {
  of: () => null,
  failed: () => undefined,
  answered: () => undefined,
};

/** The real router over fakes. A role that is not named has the list of `coder`. */
export function routerOver(
  models: readonly LanguageModel[],
  lists: Partial<Record<ModelRole, readonly LanguageModel[]>>,
  options: {
    emit?: Emit;
    wrap?: (model: LanguageModel) => LanguageModel;
    /** Models that cannot be reached. */
    missing?: readonly LanguageModel[];
  } = {},
): ModelRouter {
  const byName = new Map(models.map((model) => [formatModelRef(model.identity.ref), model]));
  const names = new Set(models.map(({ identity }) => identity.ref.provider));
  const providers = [...names].map((name): [string, ModelProvider] => [
    name,
    {
      name,
      unavailable: () =>
        options.missing?.some(({ identity }) => identity.ref.provider === name) === true
          ? { reason: `${name} has no key`, variables: [`${name.toUpperCase()}_KEY`] }
          : null,
      model(id) {
        const model = byName.get(`${name}/${id}`);
        if (model === undefined) throw new Error(`The test names no model ${name}/${id}`);
        return model;
      },
    },
  ]);
  const roles = Object.fromEntries(
    modelRoles.map((role): [ModelRole, ResolvedRole] => {
      const list = (lists[role] ?? lists.coder ?? []).flatMap(
        ({ identity }) => parseModelRef(formatModelRef(identity.ref)) ?? [],
      );
      return [role, { models: list, large: list, source: 'config' }];
    }),
  ) as Record<ModelRole, ResolvedRole>;
  return createRouter({
    roles,
    routing: {
      parserLargeTokens: 1_000_000,
      coderLargeTokens: 1_000_000,
      fallbackOnRefusal: false,
    },
    providers: new Map(providers),
    cooldown: neverCooling,
    contextTokens: () => null,
    kept: async () => false,
    wrap: options.wrap ?? ((model) => model),
    emit: options.emit ?? (() => undefined),
  });
}
