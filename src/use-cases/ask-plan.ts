import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { EnsemblePlan, ModeChoice } from '../domain/ensemble.ts';
import { BlueprintError } from '../domain/errors.ts';
import { parseModelRef } from '../domain/model-role.ts';
import { estimateComplexity } from '../domain/task-complexity.ts';
import { taskSchema, type Task } from '../domain/task.ts';
import { toSingleLine, withoutControls } from '../domain/text.ts';
import { planEnsemble } from '../strategies/ensemble/plan.ts';
import type { ModelPool } from '../strategies/strategy.ts';
import type { Caller, Program } from './program.ts';

export interface Wanted {
  /** Null: what the config says. */
  readonly mode: ModeChoice | null;
  /** Families, providers or `provider/model`; empty: by the task's category. */
  readonly models: readonly string[];
}

/** Whom `ask` would ask. Makes no call. @throws BlueprintError `no-model`, `provider-unknown` */
export async function route(
  { question, ...wanted }: Wanted & { readonly question: string },
  program: Program,
  { signal }: Caller,
): Promise<EnsemblePlan> {
  checkModelNames(wanted.models, program.config);
  const pool = await program.pool(wanted.models, signal);
  return planOf(question, wanted, pool, program.config);
}

/** Whom a question goes to. @throws BlueprintError `no-model` */
export function planOf(
  question: string,
  { mode, models }: Wanted,
  pool: ModelPool,
  { ensemble }: Pick<ResolvedConfig, 'ensemble'>,
): EnsemblePlan {
  return planEnsemble({
    task: taskOf(question),
    complexityReason: estimateComplexity(question).reason,
    mode,
    models,
    pool: { primaries: pool.primaries('coder'), validators: pool.validators() },
    settings: ensemble,
  });
}

/** The question as a task, for gates and the choice of models. */
export function taskOf(question: string): Task {
  const [first = ''] = question.trim().split('\n');
  return taskSchema.parse({
    id: 'ask',
    title: toSingleLine(first.replace(/^#+\s*/, ''), 300) || 'A question',
    description: withoutControls(question),
    type: 'code',
    complexity: estimateComplexity(question).value,
  });
}

/** @throws BlueprintError `provider-unknown` for a model whose provider nobody describes. */
export function checkModelNames(
  models: readonly string[],
  { providers }: ResolvedConfig,
  option = '--models',
): void {
  for (const name of models) {
    const provider = parseModelRef(name)?.provider;
    if (provider === undefined || providers.has(provider)) continue;
    throw new BlueprintError({
      code: 'provider-unknown',
      message: `${option} names ${toSingleLine(name, 100)}, and there is no provider «${toSingleLine(provider, 60)}»`,
      target: option,
      fix: `Known are ${[...providers.keys()].join(', ')}; describe others under "providers" in the config.`,
    });
  }
}
