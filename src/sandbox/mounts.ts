import { isAbsolute, normalize } from 'node:path';
import { sandboxBroken } from './broken.ts';
import type { SandboxMount, SandboxName } from './sandbox.ts';

/** The mounts with their places made plain. @throws BlueprintError for a place outside the copy. */
export function checkedMounts(
  sandbox: SandboxName,
  mounts: readonly SandboxMount[],
): SandboxMount[] {
  return mounts.map(({ from, to }) => {
    const place = normalize(to);
    if (!isAbsolute(from) || isAbsolute(place) || /^\.(\.?\/|\.?$)/.test(place))
      throw sandboxBroken(sandbox, `${from} cannot be shown at ${to}`);
    return { from, to: place };
  });
}
