import type { Debater, Debaters } from '../domain/debate.ts';
import { mostCritics } from '../domain/debate-settings.ts';
import type { PoolModel } from '../domain/ensemble.ts';
import { BlueprintError, ExitCode, usageFault } from '../domain/errors.ts';
import type { ModelRole } from '../domain/model-role.ts';
import { toSingleLine } from '../domain/text.ts';

/** Models, families or providers that a person names; null: by rule. */
export interface WantedDebaters {
  readonly strategist: string | null;
  readonly critics: readonly string[] | null;
  readonly judge: string | null;
  /** How many critics where none are named. */
  readonly count: number;
  /** What is done where fewer families can be reached than are wanted. */
  readonly fewFamilies: 'warn' | 'stop';
}

export interface ChosenDebaters {
  readonly debaters: Debaters;
  /** For people: what could not be had as it should be. */
  readonly warnings: readonly string[];
}

type Pool = (role: ModelRole) => readonly PoolModel[];

const roleOf = { '--strategist': 'strategist', '--critics': 'critic', '--judge': 'judge' } as const;

/**
 * Who debates: critics of families that differ from the strategist's and from each other's, a judge of none
 * of the critics' families, as far as models can be reached. What a person named stands; another gives way.
 * @param pool models by role, each in the order of preference; the same model may be in several.
 * @throws BlueprintError `no-model`, `debate-too-few-families` (exit 5); usage faults
 */
export function chooseDebaters(pool: Pool, wanted: WantedDebaters): ChosenDebaters {
  const reachable = (role: ModelRole): PoolModel[] =>
    pool(role).filter(({ missing }) => missing === null);
  const named = (option: keyof typeof roleOf, name: string): PoolModel => {
    const known = pool(roleOf[option]).filter((each) => isNamed(each, name));
    const found = known.find(({ missing }) => missing === null);
    if (found !== undefined) return found;
    throw unreachable(option, name, known[0]);
  };

  const namedCritics = (wanted.critics ?? []).map((name) => named('--critics', name));
  checkNamed(wanted.critics, namedCritics);
  const namedStrategist =
    wanted.strategist === null ? null : named('--strategist', wanted.strategist);
  const strategist =
    namedStrategist ??
    unlike(reachable('strategist'), familiesOf(namedCritics)) ??
    throwNoModel(pool('strategist'), 'strategist');
  const critics =
    wanted.critics === null
      ? pickCritics(reachable('critic'), strategist, wanted.count)
      : namedCritics;
  if (critics.length === 0) throwNoModel(pool('critic'), 'critic');
  const judges = reachable('judge');
  const judge =
    wanted.judge === null
      ? (unlike(judges, familiesOf([...critics, strategist]), familiesOf(critics)) ??
        throwNoModel(pool('judge'), 'judge'))
      : named('--judge', wanted.judge);

  const warnings = warningsOf(strategist, critics, judge);
  if (warnings.length > 0 && wanted.fewFamilies === 'stop')
    throw new BlueprintError({
      code: 'debate-too-few-families',
      message: `Fewer families can be reached than a debate wants: ${warnings.join('; ')}`,
      target: 'debate.fewFamilies',
      fix: 'Set the key of another vendor, name other models (--critics, --strategist, --judge), or set debate.fewFamilies to warn.',
      exitCode: ExitCode.unavailable,
    });
  return {
    debaters: {
      strategist: asDebater(strategist),
      critics: critics.map((each, index) => ({ label: labelOf(index), ...asDebater(each) })),
      judge: asDebater(judge),
    },
    warnings,
  };
}

function labelOf(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

function checkNamed(names: readonly string[] | null, found: readonly PoolModel[]): void {
  if (names === null) return;
  if (found.length < 2 || found.length > mostCritics)
    throw usageFault(
      `--critics takes 2 to ${mostCritics} models, and was given ${found.length}`,
      'Give it as --critics openai,google.',
    );
  const twice = found.find(
    ({ model }, index) => found.findIndex((each) => each.model === model) < index,
  );
  if (twice !== undefined)
    throw usageFault(
      `--critics leads to ${twice.model} twice`,
      'Name models that differ, as --critics openai,google.',
    );
}

/** Of other families than the strategist's and each other's first; the same model last. */
function pickCritics(
  models: readonly PoolModel[],
  strategist: PoolModel,
  count: number,
): PoolModel[] {
  const chosen: PoolModel[] = [];
  const isOther = ({ family }: PoolModel): boolean => family !== strategist.family;
  const steps: ((each: PoolModel) => boolean)[] = [
    (each) => isOther(each) && !familiesOf(chosen).includes(each.family),
    (each) => isOther(each) && !chosen.includes(each),
    (each) => each.model !== strategist.model && !chosen.includes(each),
    (each) => !chosen.includes(each),
  ];
  for (const fits of steps)
    for (const each of models) if (chosen.length < count && fits(each)) chosen.push(each);
  while (chosen.length < count && models[0] !== undefined) chosen.push(models[0]);
  return chosen;
}

/** The first of none of the families; of none of the second list; then the first. */
function unlike(
  models: readonly PoolModel[],
  avoid: readonly string[],
  atLeast: readonly string[] = avoid,
): PoolModel | undefined {
  const first = (families: readonly string[]) =>
    models.find(({ family }) => !families.includes(family));
  return first(avoid) ?? first(atLeast) ?? models[0];
}

function warningsOf(
  strategist: PoolModel,
  critics: readonly PoolModel[],
  judge: PoolModel,
): string[] {
  const families = familiesOf(critics);
  const likeStrategist = critics.filter(({ family }) => family === strategist.family);
  const many = [...new Set(families)].filter(
    (family) => families.filter((each) => each === family).length > 1,
  );
  return [
    ...likeStrategist.map(
      ({ model, family }) => `the critic ${model} is of the strategist’s family (${family})`,
    ),
    ...many.map((family) => `several critics are of the family ${family}`),
    ...(families.includes(judge.family)
      ? [`the judge ${judge.model} is of a critic’s family (${judge.family})`]
      : []),
  ];
}

function familiesOf(models: readonly PoolModel[]): string[] {
  return models.map(({ family }) => family);
}

function isNamed({ model, provider, family }: PoolModel, name: string): boolean {
  return [model, provider, family].includes(name);
}

function asDebater({ model, family }: PoolModel): Debater {
  return { model, family };
}

function unreachable(option: string, name: string, known: PoolModel | undefined): BlueprintError {
  const missing = known?.missing;
  const shown = toSingleLine(name, 100);
  return new BlueprintError({
    code: 'no-model',
    message: `${option} names ${shown}, which ${missing ? `cannot be reached: ${missing.reason}` : 'is no model, family or provider of any role'}`,
    target: option,
    fix: missing?.variables.length
      ? `Set ${missing.variables.join(' or ')}, or name another.`
      : 'Name another, as provider/model. See blueprint models.',
    exitCode: missing ? ExitCode.unavailable : ExitCode.usage,
  });
}

function throwNoModel(models: readonly PoolModel[], role: ModelRole): never {
  const variables = [...new Set(models.flatMap(({ missing }) => missing?.variables ?? []))];
  throw new BlueprintError({
    code: 'no-model',
    message: `A debate needs models: none for the role «${role}» can be reached`,
    target: `roles.${role}`,
    fix: `${variables.length > 0 ? `Set ${variables.join(' or ')}, or change` : 'Change'} roles.${role} in the config.`,
    exitCode: ExitCode.unavailable,
  });
}
