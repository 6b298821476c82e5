import { BlueprintError, ExitCode } from '../domain/errors.ts';
import { toSingleLine } from '../domain/text.ts';
import type { SandboxName } from './sandbox.ts';

/** The sandbox itself did not work: that says nothing of what ran in it. */
export function sandboxBroken(
  name: SandboxName,
  reason: string,
  fix = 'See docs/sandbox.md, and what works here: blueprint doctor',
): BlueprintError {
  return new BlueprintError({
    code: 'sandbox-broken',
    message: `The sandbox ${name} did not work: ${toSingleLine(reason)}`,
    target: name,
    fix,
    exitCode: ExitCode.unavailable,
  });
}
