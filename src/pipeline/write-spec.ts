import { BlueprintError, ExitCode } from '../domain/errors.ts';
import { formatModelRef } from '../domain/model-role.ts';
import { requirementsOf } from '../domain/spec.ts';
import { withoutControls } from '../domain/text.ts';
import type { ModelRequest, ModelResult } from '../models/language-model.ts';
import { correctionParts } from './prompt-parts.ts';
import type { Answer, ContextFile, PlanPorts } from './ports.ts';
import { count, purposeOf, routeTo, runStage, warnOfResult } from './stage.ts';
import { noRequirements, specPrompt } from './write-spec-prompt.ts';

export interface SpecInput {
  readonly slug: string;
  readonly brief: string;
  readonly context: readonly ContextFile[];
  readonly answers: readonly Answer[];
  readonly maxOutputTokens: number;
}

/**
 * Has the architect write the spec, and saves it. One without requirements goes back once.
 *
 * @returns the spec's markdown as it was saved
 * @throws BlueprintError `spec-without-requirements`, with the text kept as a draft; ModelError
 */
export function writeSpec(input: SpecInput, ports: PlanPorts): Promise<string> {
  return runStage('spec', ports, async () => {
    const model = routeTo(ports, 'architect');
    const parts = specPrompt(input);
    const ask = async (
      stage: 'spec' | 'spec-fix',
      request: Pick<ModelRequest, 'parts'>,
    ): Promise<{ spec: string; result: ModelResult }> => {
      const result = await model.generate({
        role: 'architect',
        purpose: purposeOf(stage, input.slug, stage === 'spec' ? 1 : 2),
        parts: request.parts,
        maxOutputTokens: input.maxOutputTokens,
        signal: ports.signal,
        ...(ports.onText !== undefined && { onText: ports.onText }),
      });
      warnOfResult(ports, result);
      return { spec: specFromReply(result.text), result };
    };

    const first = await ask('spec', { parts });
    const better =
      requirementsOf(first.spec).length > 0
        ? first
        : await ask('spec-fix', {
            parts: [...parts, ...correctionParts(first.result.text, noRequirements)],
          });
    const found = requirementsOf(better.spec).length;
    if (found === 0) {
      await ports.artefacts.saveDraft('spec.md', better.spec);
      await first.result.forget?.();
      await better.result.forget?.();
      throw new BlueprintError({
        code: 'spec-without-requirements',
        message:
          'The model wrote a spec without any requirement of the form «### R1: …», twice; its text is kept as a draft',
        target: formatModelRef(better.result.identity.ref),
        fix: 'Run the same command again, put another model first for the role architect, or write the spec yourself and give it with --spec.',
        exitCode: ExitCode.unavailable,
      });
    }
    await ports.artefacts.saveSpec(better.spec);
    return { value: better.spec, summary: `${count(found, 'requirement')} in spec.md` };
  });
}

const wholeFence = /^[^#`]*?(`{3,})[ \t]*(?:markdown|md)[ \t]*\r?\n(.*)\r?\n[ \t]*\1[ \t]*$/is;
const bareFence = /^(`{3,})[ \t]*\r?\n(.*)\r?\n[ \t]*\1[ \t]*$/s;

/** The spec in a reply: terminal codes out, a fence around the whole undone, one final newline. */
export function specFromReply(reply: string): string {
  const text = withoutControls(reply.replace(/^\uFEFF/, '')).trim();
  const inner = wholeFence.exec(text)?.[2] ?? bareFenceBody(text) ?? text;
  return `${inner.trim()}\n`;
}

// Without a language, two fences may as well be two code blocks at the ends of the text.
function bareFenceBody(text: string): string | null {
  const body = bareFence.exec(text)?.[2];
  return body === undefined || /^[ \t]*`{3}/m.test(body) ? null : body;
}
