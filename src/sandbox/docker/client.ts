import { isOfDead, ownerMark } from '../../files/process-identity.ts';

/** The `docker` program, and the environment that leads it to its engine. */
export interface DockerClient {
  /** Absolute. */
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What of the user's environment says where the engine is, and how it is spoken to. */
const variables =
  /^(PATH|HOME|DOCKER_(HOST|CONTEXT|CONFIG|TLS|TLS_VERIFY|CERT_PATH|API_VERSION)|XDG_RUNTIME_DIR|SSH_AUTH_SOCK)$/;

export function dockerClient(program: string, env: Readonly<NodeJS.ProcessEnv>): DockerClient {
  const entries = Object.entries(env).filter(
    (entry): entry is [string, string] => variables.test(entry[0]) && entry[1] !== undefined,
  );
  return { program, env: Object.fromEntries(entries) };
}

interface EngineReply {
  readonly ok: boolean;
  readonly stdout: string;
  /** The last line of stderr, or why there is none. */
  readonly problem: string;
}

/** Asks the engine; it never throws. */
export async function ask({ program, env }: DockerClient, ...args: string[]): Promise<EngineReply> {
  const { execa } = await import('execa');
  const { failed, stdout, stderr, shortMessage } = await execa(program, args, {
    env: { ...env },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
    cwd: '/',
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  const problem = stderr.trim().split('\n').at(-1) || (shortMessage ?? '');
  return { ok: !failed, stdout: stdout.trim(), problem };
}

/** What tells the containers of this program, by the process that they belong to. */
const label = 'blueprint.sandbox';
export const ownLabel = (): string => `${label}=${ownerMark()}`;

/** Ends and removes the containers of processes that were killed. */
export async function sweepContainers(client: DockerClient): Promise<void> {
  const format = `{{.ID}} {{.Label "${label}"}}`;
  const filter = ['--all', '--filter', `label=${label}`, '--format', format];
  const { stdout } = await ask(client, 'ps', ...filter);
  const left = stdout.split('\n').flatMap((line) => {
    const [id = '', mark = ''] = line.split(' ');
    return id !== '' && isOfDead(mark) ? [id] : [];
  });
  if (left.length > 0) await ask(client, 'rm', '--force', ...left);
}

/** The container's first process, by its id on the engine's machine; null while it has none. */
export async function pidOf(client: DockerClient, container: string): Promise<number | null> {
  const format = ['--type', 'container', '--format', '{{.State.Pid}}'];
  const { ok, stdout } = await ask(client, 'inspect', ...format, container);
  return ok && Number(stdout) > 0 ? Number(stdout) : null;
}

/** Whether the engine's root is an ordinary user of this machine. */
export async function isRootless(client: DockerClient): Promise<boolean> {
  const { stdout } = await ask(client, 'info', '--format', '{{json .SecurityOptions}}');
  return stdout.includes('name=rootless');
}
