import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { FileChanges } from '../domain/bundle.ts';
import type { EnsembleResult, ModeChoice } from '../domain/ensemble.ts';
import { ExitCode } from '../domain/errors.ts';
import { withoutControls } from '../domain/text.ts';
import type { ContextFile } from '../pipeline/ports.ts';
import { deriveFeatureName } from '../pipeline/feature-slug.ts';
import { contextParts } from '../pipeline/prompt-parts.ts';
import { askPrompt } from '../strategies/ensemble/ask-prompt.ts';
import { runEnsemble } from '../strategies/ensemble/ensemble.ts';
import { jsonText } from '../text/json-as.ts';
import { unifiedDiff } from '../text/unified-diff.ts';
import type { WorkspaceBase } from '../workspace/workspace.ts';
import { adHocWork } from './ad-hoc-work.ts';
import { answerData, type AskOutcome } from './ask-outcome.ts';
import { checkModelNames, planOf, taskOf } from './ask-plan.ts';
import { countedCost } from './counted-cost.ts';
import { textsBefore } from './diff.ts';
import type { OutFolder } from './ports.ts';
import type { Caller, Program, Session } from './program.ts';
import { projectParts, type ProjectParts } from './project-parts.ts';
import { refuseSecrets } from './refuse-secrets.ts';

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

export type { AskOutcome };

/**
 * One answer of several models to a task that belongs to no feature. Nothing is written to the project but
 * what `.blueprint/asks/` keeps, and `out` where it is asked for. The same question again over the same project
 * repeats no finished call.
 * @throws BlueprintError `no-model`, `budget-reached`, `out-…`, `work-held`. @throws ModelError when every
 * model failed.
 */
export async function ask(input: AskInput, program: Program, caller: Caller): Promise<AskOutcome> {
  const config = withLimits(program.config, input);
  refuseSecrets('The question', input.question, program.redactor);
  checkModelNames(input.models, config);
  const { question, context, mode, models } = input;
  const { codec } = config.executor;
  const { counted, report } = await countedCost(caller, program);
  return program.inFolder(
    {
      kind: 'asks',
      name: deriveFeatureName(question),
      inputs: { question, context, mode, models, codec },
      config,
    },
    counted,
    async (session) => {
      const outFolder = input.out === null ? null : await session.outFolder(input.out);
      await outFolder?.check();
      const { now } = program;
      const started = now().getTime();
      const about = { task: taskOf(question).id, words: question, context, models };
      const project = await projectParts(session, program, about);
      const result = await answer(input, project, config, session, now);
      const { consensus, how, plan, merge, gates, validation, needsReview } = result;
      const { changes } = consensus;
      const { total, byModel, avoided } = report();
      const base = (await session.workspace()).project();
      const before = await textsBefore(base, changes);
      const outcome: AskOutcome = {
        id: session.name,
        folder: session.folder,
        exitCode: exitCodeOf(result),
        plan,
        consensus: { ...answerData(consensus), how },
        explanation: withoutControls(result.explanation),
        merge,
        outputs: result.outputs.map(({ candidate, ...output }) => ({
          ...output,
          answer: candidate === null ? null : answerData(candidate),
        })),
        gates,
        validation,
        needsReview,
        diff: unifiedDiff(before.texts, changes, before.noText),
        ms: now().getTime() - started,
        project: project.shown,
        out:
          outFolder === null || needsReview.includes('autorun_not_allowed')
            ? null
            : await writeOut(changes, base, outFolder, program),
        cost: { total, byModel, avoided },
      };
      await session.artefacts.write(session.name, 'result.json', jsonText(outcome));
      await project.finish(outcome.exitCode);
      return outcome;
    },
  );
}

async function answer(
  { question, mode, models, context }: AskInput,
  project: Pick<ProjectParts, 'parts'>,
  config: ResolvedConfig,
  session: Session,
  now: () => Date,
): Promise<EnsembleResult> {
  const plan = planOf(question, { mode, models }, await session.pool(models), config);
  const shown = [...contextParts(context), ...project.parts];
  const prompt = askPrompt(question, shown, config.executor.codec);
  const about = { task: taskOf(question), stage: 'ask', of: null, prompt, words: question };
  return runEnsemble(plan, await adHocWork(session, config, about), {
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

function exitCodeOf({ needsReview }: EnsembleResult): AskOutcome['exitCode'] {
  if (needsReview.includes('budget_hit')) return ExitCode.budget;
  return needsReview.length > 0 ? ExitCode.needsReview : ExitCode.done;
}

async function writeOut(
  changes: FileChanges,
  base: Pick<WorkspaceBase, 'checkedOut'>,
  outFolder: OutFolder,
  { redactor }: Program,
): Promise<AskOutcome['out']> {
  const written = [...changes].filter(([, content]) => content !== null);
  if (written.length === 0) return null;
  for (const [path, content] of written) refuseSecrets(path, content ?? '', redactor);
  const bytes = await base.checkedOut(new Map(written));
  return { folder: outFolder.path, files: await outFolder.write(bytes) };
}
