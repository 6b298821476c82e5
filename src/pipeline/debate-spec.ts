import { BlueprintError, ExitCode } from '../domain/errors.ts';
import { counted } from '../text/counted.ts';
import type { DebatedSpec, PlanPorts } from './ports.ts';
import { runStage, warn } from './stage.ts';

/**
 * Has the spec debated before it is cut into tasks, where that is wanted and models can be had.
 * @throws BlueprintError `spec-blocked` (exit 1) where the debate ended so
 */
export async function debateSpec(
  slug: string,
  spec: string,
  ports: PlanPorts,
): Promise<DebatedSpec | null> {
  const { debate } = ports;
  if (debate === undefined) return null;
  const debated = await runStage('debate', ports, async () => {
    const value = await debate(spec);
    const summary =
      value === null
        ? 'not held: no models for it can be reached'
        : `${value.verdict}, ${counted(value.decisions.length, 'decision')} for you (${value.id})`;
    return { value, summary };
  });
  if (debated?.verdict === 'BLOCKED')
    throw new BlueprintError({
      code: 'spec-blocked',
      message: `The debate ended with BLOCKED: the spec of ${slug} is not cut into tasks`,
      target: `${slug}/spec.md`,
      fix: `Read it (blueprint debate show ${debated.id}), change the spec (blueprint debate apply ${debated.id}), then give the same command again; --set debate.when=never plans it as it is.`,
      exitCode: ExitCode.failed,
    });
  for (const question of debated?.decisions ?? [])
    warn(ports, 'debate-decision', `the debate leaves you to decide: ${question}`);
  return debated;
}
