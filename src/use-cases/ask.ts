import type { ResolvedConfig } from '../config/resolved-config.ts';
import { answerData, type AskResult } from '../domain/ask-result.ts';
import type { Candidate } from '../domain/candidate.ts';
import type { EnsembleResult, ModeChoice } from '../domain/ensemble.ts';
import { ExitCode } from '../domain/errors.ts';
import { withoutControls } from '../domain/text.ts';
import type { ContextFile } from '../pipeline/ports.ts';
import { deriveFeatureName } from '../pipeline/feature-slug.ts';
import { contextParts } from '../pipeline/prompt-parts.ts';
import type { CostReport } from '../report/cost.ts';
import { askPrompt } from '../strategies/ensemble/ask-prompt.ts';
import { runEnsemble } from '../strategies/ensemble/ensemble.ts';
import { unifiedDiff } from '../text/unified-diff.ts';
import { withAdHoc, type AdHoc, type AdHocParts } from './ad-hoc.ts';
import { adHocWork } from './ad-hoc-work.ts';
import { checkModels, planOf, taskOf } from './ask-plan.ts';
import { refuseSecrets } from './refuse-secrets.ts';
import { checkOut, writeOwn } from './out-record.ts';
import type { Listener } from '../compose/session.ts';
import { openCost } from '../compose/spending.ts';

export interface AskInput {
  /** The task or question, as given. */
  readonly question: string;
  /** Null: what the config says. */
  readonly mode: ModeChoice | null;
  /** Families, providers or `provider/model`; empty: by the task's category. */
  readonly models: readonly string[];
  readonly context: readonly ContextFile[];
  /** Of one model's whole answer, ms; null: what the config says. */
  readonly timeoutMs: number | null;
  /** Of one call; null: what the config says. */
  readonly retries: number | null;
  /** Absolute; null: the files are shown alone. */
  readonly out: string | null;
}

export type AskOutcome = AskResult & {
  readonly cost: Pick<CostReport, 'total' | 'byModel' | 'avoided'>;
};

/**
 * One answer of several models to a task that belongs to no feature. Nothing is written to the project but
 * what `asks/` keeps, and `out` where it is asked for. The same question again repeats no finished call.
 * @throws BlueprintError `no-model`, `budget-reached`, `out-…`, `work-held`. @throws ModelError when every
 * model failed.
 */
export async function ask(
  parts: AdHocParts,
  input: AskInput,
  listen: Listener | undefined,
): Promise<AskOutcome> {
  const config = withLimits(parts.config, input);
  refuseSecrets('The question', input.question, parts.redactor);
  checkModels(input.models, config);
  const cost = openCost(config);
  const follow: Listener = (event) => {
    cost.follow(event);
    listen?.(event);
  };
  const { question, context, mode, models } = input;
  const { codec } = config.executor;
  return withAdHoc(
    { ...parts, config },
    {
      kind: 'asks',
      name: deriveFeatureName(question),
      inputs: { question, context, mode, models, codec },
    },
    follow,
    async (session) => {
      if (input.out !== null) await checkOut(input.out, parts.options.cwd);
      const { now } = parts.options;
      const started = now().getTime();
      const result = await answer(input, config, session, parts.options);
      const out = await outOf(result.consensus, input.out, session, parts);
      const told: AskResult = {
        id: session.id,
        folder: session.folder,
        exitCode: exitCodeOf(result),
        plan: result.plan,
        consensus: { ...answerData(result.consensus), how: result.how },
        explanation: withoutControls(result.explanation),
        merge: result.merge,
        outputs: result.outputs.map(({ candidate, ...output }) => ({
          ...output,
          answer: candidate === null ? null : answerData(candidate),
        })),
        gates: result.gates,
        validation: result.validation,
        needsReview: result.needsReview,
        diff: await diffOf(result.consensus, session),
        ms: now().getTime() - started,
        out,
      };
      const { total, byModel, avoided } = cost.report();
      const outcome = { ...told, cost: { total, byModel, avoided } };
      await session.write('result.json', `${JSON.stringify(outcome, null, 2)}\n`);
      return outcome;
    },
  );
}

async function answer(
  { question, mode, models, context }: AskInput,
  config: ResolvedConfig,
  session: AdHoc,
  { signal, now }: AdHocParts['options'],
): Promise<EnsembleResult> {
  const plan = planOf(question, { mode, models }, session.pool(models), config);
  const prompt = askPrompt(question, contextParts(context), config.executor.codec);
  const work = adHocWork(session, config, {
    task: taskOf(question),
    stage: 'ask',
    of: null,
    prompt,
    signal,
  });
  return runEnsemble(plan, work, {
    timeoutMs: config.ensemble.timeoutMs,
    mayBeText: true,
    clock: () => now().getTime(),
  });
}

/** The config with what this command says of time and tries, above what it says of single models. */
function withLimits(
  config: ResolvedConfig,
  { timeoutMs, retries }: Pick<AskInput, 'timeoutMs' | 'retries'>,
): ResolvedConfig {
  return {
    ...config,
    ...(timeoutMs !== null && { ensemble: { ...config.ensemble, timeoutMs } }),
    ...(retries !== null && {
      calls: { ...config.calls, retries },
      models: new Map(
        [...config.models].map(([model, settings]) => [model, { ...settings, retries }]),
      ),
    }),
  };
}

function exitCodeOf({ needsReview }: EnsembleResult): AskResult['exitCode'] {
  if (needsReview.includes('budget_hit')) return ExitCode.budget;
  return needsReview.length > 0 ? ExitCode.needsReview : ExitCode.done;
}

async function diffOf({ changes }: Candidate, session: AdHoc): Promise<string> {
  const base = session.base();
  const before = new Map<string, string | null>();
  for (const path of changes.keys()) before.set(path, await base.read(path));
  return unifiedDiff(before, changes);
}

async function outOf(
  { changes }: Candidate,
  folder: string | null,
  session: AdHoc,
  { redactor, options }: AdHocParts,
): Promise<AskResult['out']> {
  const written = [...changes].filter(([, content]) => content !== null);
  if (folder === null || written.length === 0) return null;
  for (const [path, content] of written) refuseSecrets(path, content ?? '', redactor);
  return { folder, files: await writeOwn(session, new Map(written), folder, options.cwd) };
}
