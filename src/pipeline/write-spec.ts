import { BlueprintError, ExitCode } from '../domain/errors.ts';
import { formatModelRef } from '../domain/model-role.ts';
import { renderSpec, requirementsOf } from '../domain/spec.ts';
import type { LanguageModel } from '../models/language-model.ts';
import { correctionParts } from './prompt-parts.ts';
import type { ClarifiedAnswer, ContextFile, PlanPorts } from './ports.ts';
import { specFromReply } from './spec-reply.ts';
import { askForText, count, routeTo, runStage } from './stage.ts';
import { noRequirements, specPrompt } from './write-spec-prompt.ts';

export interface SpecInput {
  readonly slug: string;
  readonly brief: string;
  readonly context: readonly ContextFile[];
  readonly answers: readonly ClarifiedAnswer[];
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

/** One without requirements goes back once. */
async function askForSpec(
  model: LanguageModel,
  input: SpecInput,
  ports: PlanPorts,
): Promise<string> {
  const parts = specPrompt(input);
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
