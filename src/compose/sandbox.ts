import type { ResolvedConfig } from '../config/resolved-config.ts';
import { bubblewrapSandbox } from '../sandbox/bubblewrap/bubblewrap.ts';
import { dockerSandbox } from '../sandbox/docker/docker.ts';
import { createHostPrograms } from '../sandbox/host/host-programs.ts';
import { openCgroup } from '../sandbox/limits/cgroup.ts';
import { plainSandbox } from '../sandbox/none.ts';
import { probe } from '../sandbox/probe.ts';
import type { Sandbox, SandboxName, SandboxReason } from '../sandbox/sandbox.ts';
import type { SandboxCandidates } from '../use-cases/ports.ts';

/** In the order in which they are tried. */
const kinds: Readonly<Record<ResolvedConfig['sandbox']['kind'], readonly SandboxName[]>> = {
  auto: ['bubblewrap', 'docker'],
  bubblewrap: ['bubblewrap'],
  docker: ['docker'],
  none: ['none'],
};

/**
 * The first sandbox of the wanted kind that really runs something; each is tried by a small command.
 * @param env the user's: for PATH, and for the engine of docker.
 */
export async function openSandbox(
  config: Pick<ResolvedConfig, 'sandbox' | 'root'>,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<SandboxCandidates> {
  const programs = createHostPrograms({ env, root: config.root });
  const make: Readonly<Record<SandboxName, () => Sandbox>> = {
    bubblewrap: () => bubblewrapSandbox({ programs, openCgroup }),
    docker: () => dockerSandbox({ programs, env, image: config.sandbox.image }),
    none: () => plainSandbox({ programs, openCgroup }),
  };
  const unavailable: SandboxReason[] = [];
  for (const name of kinds[config.sandbox.kind]) {
    const sandbox = make[name]();
    const reason = await probe(sandbox, signal);
    if (reason === null) return { sandbox, unavailable };
    unavailable.push(reason);
  }
  return { sandbox: null, unavailable };
}
