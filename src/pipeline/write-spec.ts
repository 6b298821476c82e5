import { BlueprintError, ExitCode } from '../domain/errors.ts';
import { formatModelRef } from '../domain/model-role.ts';
import { renderSpec, requirementsOf } from '../domain/spec.ts';
import type { LanguageModel } from '../models/language-model.ts';
import { estimateTokens } from '../domain/text.ts';
import { projectParts } from './known-project.ts';
import { correctionParts } from './prompt-parts.ts';
import type { ClarifiedAnswer, ContextFile, PlanPorts } from './ports.ts';
import { specFromReply } from './spec-reply.ts';
import { askForText, count, routeTo, runStage, warn } from './stage.ts';
import { noRequirements, specPrompt } from './write-spec-prompt.ts';

export interface SpecInput {
  readonly slug: string;
  readonly brief: string;
  readonly context: readonly ContextFile[];
  readonly answers: readonly ClarifiedAnswer[];
  /** Paths of files that the architect asked to read. */
  readonly looked: readonly string[];
}

/**
 * Has the architect, or rules in its place, write the spec, and saves it.
 *
 * @returns the spec's markdown as it was saved
 * @throws BlueprintError `spec-without-requirements`, with the text kept as a draft; ModelError
 */
export function writeSpec(input: SpecInput, ports: PlanPorts): Promise<string> {
  return runStage('spec', ports, async () => {
    const model = routeTo(ports, 'architect');
    const spec =
      model === null
        ? renderSpec(await ports.rules.specOf(input.brief, input.answers))
        : await askForSpec(model, input, ports);
    if (model === null) ports.onText?.(spec);
    await ports.artefacts.saveSpec(spec);
    return {
      value: spec,
      summary: `${count(requirementsOf(spec).length, 'requirement')} in spec.md`,
    };
  });
}

/** Tokens that the files which the architect asked for have together. */
const lookedTokens = 20_000;

/** The files that were asked for, as they stand now, as far as there is room. */
async function readLooked(
  { looked }: Pick<SpecInput, 'looked'>,
  ports: PlanPorts,
): Promise<ContextFile[]> {
  const files: ContextFile[] = [];
  let left = lookedTokens;
  for (const path of looked) {
    const text = (await ports.project?.known.read(path)) ?? null;
    if (text === null) continue;
    const tokens = estimateTokens(text);
    if (tokens <= left) files.push({ path, text });
    else
      warn(ports, 'file-asked-for', `${path} is not shown: about ${tokens} tokens, ${left} left`);
    left -= tokens <= left ? tokens : 0;
  }
  return files;
}

/** One without requirements goes back once. */
async function askForSpec(
  model: LanguageModel,
  input: SpecInput,
  ports: PlanPorts,
): Promise<string> {
  const project = await projectParts(ports, input.brief);
  const parts = specPrompt({ ...input, project, looked: await readLooked(input, ports) });
  const ask = { role: 'architect', slug: input.slug } as const;
  const first = await askForText(ports, model, { ...ask, stage: 'spec', parts });
  const spec = specFromReply(first.text);
  if (requirementsOf(spec).length > 0) return spec;
  const again = [...parts, ...correctionParts(first.text, noRequirements)];
  const mending = { ...ask, stage: 'spec-fix', round: 2, parts: again };
  const second = await askForText(ports, model, mending);
  const better = specFromReply(second.text);
  if (requirementsOf(better).length > 0) return better;
  await ports.artefacts.saveDraft('spec.md', better);
  await first.forget?.();
  await second.forget?.();
  throw new BlueprintError({
    code: 'spec-without-requirements',
    message:
      'The model wrote a spec without any requirement of the form «### R1: …», twice; its text is kept as a draft',
    target: formatModelRef(second.identity.ref),
    fix: 'Run the same command again, put another model first for the role architect, or write the spec yourself and give it with --spec.',
    exitCode: ExitCode.unavailable,
  });
}
