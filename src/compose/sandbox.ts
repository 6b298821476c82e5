import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { RunProgram } from '../domain/program.ts';
import { bubblewrapSandbox } from '../sandbox/bubblewrap/bubblewrap.ts';
import { dockerSandbox } from '../sandbox/docker/docker.ts';
import { createHostPrograms } from '../sandbox/host/host-programs.ts';
import { openCgroup } from '../sandbox/limits/cgroup.ts';
import { plainSandbox } from '../sandbox/none.ts';
import { probe } from '../sandbox/probe.ts';
import { programRunner } from '../sandbox/run-program.ts';
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

/** The same as those take it that run code: a sandbox, or why there is none and what would help. */
export async function sandboxOrUnavailable(
  config: Pick<ResolvedConfig, 'sandbox' | 'root'>,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Sandbox | { missing: string; fix: string }> {
  const { sandbox, unavailable } = await openSandbox(config, env, signal);
  if (sandbox !== null) return sandbox;
  const [first] = unavailable;
  return {
    missing: unavailable.map(({ name, reason }) => `${name}: ${reason}`).join('; '),
    fix: `${first?.fix ?? 'See docs/sandbox.md'}, or run with --unsafe-no-sandbox`,
  };
}

/** Runs what answers are computed with; the sandbox is tried by the first program. */
export function programRunnerOf(
  config: Pick<ResolvedConfig, 'sandbox' | 'root'>,
  env: NodeJS.ProcessEnv,
): RunProgram {
  const { timeoutMs: wallMs, ...limits } = config.sandbox;
  let opened: ReturnType<typeof sandboxOrUnavailable> | undefined;
  const open = (signal: AbortSignal): ReturnType<typeof sandboxOrUnavailable> => {
    opened ??= sandboxOrUnavailable(config, env, signal);
    opened.catch(() => (opened = undefined));
    return opened;
  };
  return programRunner(open, { wallMs, ...limits });
}
