import type { ResolvedConfig } from '../config/resolved-config.ts';
import { bubblewrapSandbox } from '../sandbox/bubblewrap/bubblewrap.ts';
import { createHostPrograms } from '../sandbox/host/host-programs.ts';
import { openCgroup } from '../sandbox/limits/cgroup.ts';
import { plainSandbox } from '../sandbox/none.ts';
import { probe, type SandboxReason } from '../sandbox/probe.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';

export interface SandboxCandidates {
  /** The one that works, or null. */
  readonly sandbox: Sandbox | null;
  /** Those that were tried and do not. */
  readonly unavailable: readonly SandboxReason[];
}

type Kind = ResolvedConfig['sandbox']['kind'];

/** In the order in which `auto` tries them. */
const kinds: Readonly<Record<Kind, readonly ('bubblewrap' | 'none')[]>> = {
  auto: ['bubblewrap'],
  bubblewrap: ['bubblewrap'],
  none: ['none'],
};

const fixes: Readonly<Record<'bubblewrap' | 'none', string>> = {
  bubblewrap: 'Install it: apt-get install bubblewrap (see docs/sandbox.md)',
  none: 'See docs/sandbox.md',
};

/**
 * The first sandbox of the wanted kind that really runs something; each is tried by a small command.
 * @param env the user's, for PATH.
 */
export async function openSandbox(
  config: Pick<ResolvedConfig, 'sandbox' | 'root'>,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<SandboxCandidates> {
  const options = { programs: createHostPrograms({ env, root: config.root }), openCgroup };
  const make = { bubblewrap: bubblewrapSandbox, none: plainSandbox };
  const unavailable: SandboxReason[] = [];
  for (const name of kinds[config.sandbox.kind]) {
    const sandbox = make[name](options);
    const reason = await probe(sandbox, signal);
    if (reason === null) return { sandbox, unavailable };
    unavailable.push({ name, reason, fix: fixes[name] });
  }
  return { sandbox: null, unavailable };
}
