import {
  type EnsembleMode,
  type EnsemblePlan,
  type EnsembleSettings,
  type ModeChoice,
  type PoolModel,
} from '../../domain/ensemble.ts';
import { BlueprintError, ExitCode } from '../../domain/errors.ts';
import { categorise, type Categorised } from '../../domain/task-category.ts';
import type { Task } from '../../domain/task.ts';
import { createPicker } from './members.ts';

export type PlannedTask = Pick<
  Task,
  'title' | 'description' | 'type' | 'category' | 'complexity' | 'acceptance' | 'files'
>;

export interface PlanRequest {
  readonly task: PlannedTask;
  /** What the task's complexity was estimated from, where nobody gave it. */
  readonly complexityReason?: string;
  /** Asked for on the command line; null: what the settings say. */
  readonly mode: ModeChoice | null;
  /** Names of the models to ask, in place of the category's; empty: the category's. */
  readonly models: readonly string[];
  /** Models that could answer, and models that could judge, each in the order of preference. */
  readonly pool: {
    readonly primaries: readonly PoolModel[];
    readonly validators: readonly PoolModel[];
  };
  readonly settings: EnsembleSettings;
}

const sizes: Record<EnsembleMode, { primaries: number; validators: number }> = {
  simple: { primaries: 1, validators: 0 },
  medium: { primaries: 2, validators: 1 },
  complex: { primaries: 2, validators: 2 },
  architectural: { primaries: Number.POSITIVE_INFINITY, validators: 1 },
};

/**
 * Who is asked about a task: category by its words, mode by what was asked for or its complexity, models
 * by the category's names over what can be reached.
 * @throws BlueprintError `no-model` (exit 5) when nobody can be asked.
 */
export function planEnsemble(request: PlanRequest): EnsemblePlan {
  const { task, models, pool, settings } = request;
  const category = categoryOf(task);
  const { mode, reason: modeReason } = modeOf(request, category);
  const size = sizes[mode];
  const wanted = settings.categories[category.category];

  const primaries = createPicker('primary');
  if (models.length > 0) {
    for (const name of models) primaries.named(name, pool.primaries, 'asked for');
  } else {
    const label = `for ${category.category}`;
    for (const name of wanted.primaries)
      if (primaries.taken.length < size.primaries) primaries.named(name, pool.primaries, label);
    const families = (): string[] => primaries.taken.map(({ family }) => family);
    primaries.fill(
      size.primaries,
      pool.primaries,
      wanted.primaries.length === 0 ? 'first that is reachable' : 'in place of one passed over',
      ({ family }) => !families().includes(family),
    );
    primaries.fill(size.primaries, pool.primaries, 'another model of a family', () => true);
  }
  if (primaries.taken.length === 0) throw nobody(request, primaries.passedOver);

  const asked = new Set(primaries.taken.map(({ model }) => model));
  const validators = validatorsOf(request, primaries.taken, wanted.validators, {
    count: size.validators,
    label: `for ${category.category}`,
  });

  return {
    category,
    mode,
    modeReason,
    wanted: {
      // All that can be reached are at least two, or it is no ensemble.
      primaries: models.length > 0 ? models.length : Math.min(size.primaries, 2),
      validators: size.validators,
    },
    primaries: primaries.taken,
    validators: validators.taken,
    substitutes: pool.primaries
      .filter(({ model, missing }) => missing === null && !asked.has(model))
      .map(({ model }) => model),
    passedOver: [...primaries.passedOver, ...validators.passedOver],
  };
}

/** Of other families than the models that answer, else other models, else whoever there is. */
function validatorsOf(
  { pool }: PlanRequest,
  answering: EnsemblePlan['primaries'],
  names: readonly string[],
  { count, label }: { count: number; label: string },
) {
  const families = new Set(answering.map(({ family }) => family));
  const asked = new Set(answering.map(({ model }) => model));
  const ofOtherFamily = ({ family }: PoolModel): boolean => !families.has(family);
  const isOther = ({ model }: PoolModel): boolean => !asked.has(model);
  const reachable = pool.validators.filter(({ missing }) => missing === null);
  const [passes, unfit] = reachable.some(ofOtherFamily)
    ? [ofOtherFamily, 'of the family of a model that answers']
    : reachable.some(isOther)
      ? [isOther, 'it answers itself']
      : [() => true, ''];

  const validators = createPicker('validator');
  for (const name of names)
    if (validators.taken.length < count)
      validators.named(name, pool.validators, label, (model) => (passes(model) ? null : unfit));
  const judging = (): string[] => validators.taken.map(({ family }) => family);
  const fill = (reason: string, fits: (model: PoolModel) => boolean): void =>
    validators.fill(count, pool.validators, reason, fits);
  fill('of another family', (model) => ofOtherFamily(model) && !judging().includes(model.family));
  fill('of another family', ofOtherFamily);
  fill('no other family is reachable', isOther);
  fill('no other model is reachable', () => true);
  return validators;
}

function categoryOf({ title, description, acceptance, files, category }: PlannedTask): Categorised {
  const byWords = categorise(title, [description, ...acceptance, ...files].join('\n'));
  return category === 'general' ? byWords : { ...byWords, category, reason: 'given with the task' };
}

function modeOf(
  { task, mode, settings, complexityReason }: PlanRequest,
  { category }: Categorised,
): { mode: EnsembleMode; reason: string } {
  const ofCategory = settings.categories[category].mode;
  const ofType = settings.types[task.type];
  const [choice, reason]: [ModeChoice, string] =
    mode !== null
      ? [mode, 'asked for']
      : ofCategory !== null
        ? [ofCategory, `set for ${category}`]
        : ofType !== undefined
          ? [ofType, `set for tasks of type ${task.type}`]
          : [settings.mode, 'set for all tasks'];
  if (choice !== 'auto') return { mode: choice, reason };
  const from = complexityReason === undefined ? '' : `, estimated from ${complexityReason}`;
  return {
    mode: byComplexity(task.complexity),
    reason: `complexity ${task.complexity} of 10${from}`,
  };
}

function byComplexity(complexity: number): EnsembleMode {
  if (complexity <= 3) return 'simple';
  if (complexity <= 6) return 'medium';
  return complexity <= 8 ? 'complex' : 'architectural';
}

function nobody(
  { pool, models }: PlanRequest,
  passedOver: EnsemblePlan['passedOver'],
): BlueprintError {
  const variables = [...new Set(pool.primaries.flatMap(({ missing }) => missing?.variables ?? []))];
  const about = passedOver.map(({ name, reason }) => `${name} (${reason})`).join(', ');
  return new BlueprintError({
    code: 'no-model',
    message: ['No model that could answer can be reached', about].filter(Boolean).join(': '),
    target: models.length > 0 ? '--models' : 'roles',
    fix:
      variables.length > 0
        ? `Set ${variables.join(' or ')}, or name others with --models.`
        : 'Name others with --models, or in the role lists of the config.',
    exitCode: ExitCode.unavailable,
  });
}
