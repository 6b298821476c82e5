import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { GateRunning } from '../domain/event.ts';
import { BlueprintError, InterruptedError } from '../domain/errors.ts';
import { isRules } from '../domain/model-role.ts';
import { counted } from '../text/counted.ts';
import { checkModels, type ModelChecks } from './check-models.ts';
import { list } from './list.ts';
import type { Routes, SandboxCandidates } from './ports.ts';
import type { Caller, Program } from './program.ts';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly fix: string | null;
  /** Worth knowing, but something else serves in its place. */
  readonly minor?: boolean;
}

export interface DoctorInput {
  /** Ask each provider that has a key for its models. */
  readonly live: boolean;
  /** Run the project's tests as they are, in a sandbox. */
  readonly tests: boolean;
  /** Hears which tests are being run. */
  readonly progress: (running: GateRunning) => void;
  /** Of the Node that runs the program. */
  readonly nodeVersion: string;
}

export interface Diagnosis extends Routes {
  /** Nothing but what is minor is wrong. */
  readonly ok: boolean;
  readonly checks: readonly Check[];
}

/** Whether all that the program needs is there: Node, git, config, folders, a sandbox, models. */
export async function doctor(
  { live, tests, progress, nodeVersion }: DoctorInput,
  program: Program,
  caller: Caller,
): Promise<Diagnosis> {
  const { config } = program;
  const routed = await program.routes(caller.signal);
  const checks = [
    nodeCheck(nodeVersion),
    gitCheck(await program.gitVersion()),
    ...(await repositoryCheck(program)),
    good('config', config.file ?? 'none; defaults'),
    await folderCheck(config.featuresDir),
    await sandboxCheck(await program.sandbox(caller.signal)),
    ...(await notifierChecks(program)),
    ...(await featureChecks(program)),
    ...modelChecks(config, routed),
    ...providerChecks(await checkModels({ live, routed }, program, caller)),
    ...(tests ? await testsChecks(program, caller, progress) : []),
  ];
  const ok = checks.every((check: Check) => check.ok || check.minor === true);
  return { ok, checks, ...routed };
}

function good(name: string, detail: string): Check {
  return { name, ok: true, detail, fix: null };
}

function bad(name: string, detail: string, fix: string | null): Check {
  return { name, ok: false, detail, fix };
}

function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return ok ? good('node', version) : bad('node', version, 'Install Node 20.19 or newer.');
}

function gitCheck(version: string | null): Check {
  return version === null ? bad('git', 'not found', 'Install git.') : good('git', version);
}

/** A repository that git refuses is not used: approved work is kept as in a plain folder. */
async function repositoryCheck(program: Program): Promise<Check[]> {
  const refused = await program.refusedRepository();
  if (refused === null) return [];
  const { problem, remedy } = refused;
  const minor = program.config.workspace.kind !== 'git';
  return [{ ...bad('repository', problem, remedy), minor }];
}

async function folderCheck(folder: string): Promise<Check> {
  // The features folder is made with the first feature: until then its parent has to be writable.
  for (const place of [folder, dirname(folder)]) {
    const writable = await access(place, constants.W_OK).then(
      () => true,
      (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? null : false),
    );
    if (writable === true) return good('features folder', folder);
    if (writable === false) break;
  }
  return bad(
    'features folder',
    `${folder} cannot be written`,
    'Give yourself the right to write there, or set featuresDir in the config.',
  );
}

/** Which sandbox works, which of its limits do not hold, why those before it do not, and what would mend the first. */
async function sandboxCheck({ sandbox, unavailable }: SandboxCandidates): Promise<Check> {
  const others = unavailable.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  const [first] = unavailable;
  if (sandbox === null)
    return { ...bad('sandbox', `none works; ${others}`, first?.fix ?? null), minor: true };
  const kind = sandbox.isolated ? sandbox.name : `${sandbox.name} (not isolated)`;
  const gaps = (await sandbox.gaps?.()) ?? [];
  return good('sandbox', [`${kind} works`, ...gaps, ...(others === '' ? [] : [others])].join('; '));
}

/** Whether the programs are there that tell somebody of the end of long work; none where nobody asks for it. */
async function notifierChecks(program: Program): Promise<Check[]> {
  return (await program.notifiers()).map(({ key, found, fix }) =>
    'path' in found ? good(key, found.path) : { ...bad(key, found.problem, fix), minor: true },
  );
}

/** How the project's tests come out as it is, a check for each run; none where it has no tests. */
async function testsChecks(
  program: Program,
  { signal }: Caller,
  progress: DoctorInput['progress'],
): Promise<Check[]> {
  const outlooks = await program.outlooks(signal, progress).catch((error: unknown) => {
    if (error instanceof BlueprintError && !(error instanceof InterruptedError)) return error;
    throw error;
  });
  if (outlooks instanceof BlueprintError)
    return [{ ...bad('tests', outlooks.message, outlooks.fix ?? null), minor: true }];
  return outlooks.flatMap(({ gate, found, unavailable }) => [
    ...found.map((line) => good(gate, line)),
    ...unavailable.map(({ missing, fix }) => ({ ...bad(gate, missing, fix), minor: true })),
  ]);
}

/** A task list that cannot be read is named with its place. */
async function featureChecks(program: Program): Promise<Check[]> {
  const features = await list(program).catch((error: unknown) => {
    if (error instanceof BlueprintError) return error;
    throw error;
  });
  if (features instanceof BlueprintError)
    return [bad('features', features.message, features.fix ?? null)];
  const broken = features.flatMap(({ slug, problem }) => {
    if (problem === null) return [];
    const place = problem.target === undefined ? '' : ` (${problem.target})`;
    return [bad(`feature ${slug}`, `${problem.message}${place}`, problem.fix ?? null)];
  });
  const all = `${counted(features.length, 'feature')}, all readable`;
  return broken.length > 0 ? broken : [good('features', all)];
}

/** Each list of models that nobody can answer, once; else whether any model can be asked at all. */
function modelChecks(config: Program['config'], { roles, providers }: Routes): Check[] {
  const unreachable = roles.flatMap(({ role, problem, fix }) =>
    problem === null ? [] : [bad(`role ${role}`, problem, fix)],
  );
  if (unreachable.length > 0) return unreachable;
  if (roles.some(({ decision }) => decision !== null && !isRules(decision.chosen)))
    return [good('models', 'at least one can be asked')];
  const idle = providers.filter(
    ({ name, reachable }) => reachable && config.providers.get(name)?.apiKey !== undefined,
  );
  const byRules = 'plans and scaffolds are made by rules';
  if (idle.length > 0) {
    const names = idle.map(({ name }) => name).join(', ');
    return [
      {
        ...good('models', `no role names ${names}, whose key is set: ${byRules}`),
        fix: `Give --model ${idle[0]?.name ?? ''}/MODEL, or "model" in the config.`,
      },
    ];
  }
  const faults = [...config.providers.values()].flatMap(({ keyFault }) => keyFault ?? []);
  if (faults.length > 0)
    return [
      { ...good('models', `${faults.join('; ')}: ${byRules}`), fix: 'Set it to the key alone.' },
    ];
  const variables = providers.flatMap(({ variables: names }) => names.slice(0, 1));
  const fix = `Set one of ${[...new Set(variables)].join(', ')}.`;
  return [{ ...good('models', `no key is set: ${byRules}`), fix }];
}

/** What the providers that were asked said, the models they do not have, and the roles left without one. */
function providerChecks({ providers, models, rolesWithoutModel }: ModelChecks): Check[] {
  const asked = providers.flatMap(({ name, listing, configured }): Check[] => {
    if (listing === null) return [];
    const about = { name: `provider ${name}`, minor: true, fix: null };
    if (listing.outcome === 'failed')
      return [{ ...about, ok: false, detail: listing.reason, fix: listing.fix }];
    if (listing.outcome === 'no-list')
      return [{ ...about, ok: true, detail: `lists no models: ${listing.reason}` }];
    const said = `answers, and lists ${counted(listing.models.length, 'model')}`;
    return [{ ...about, ok: true, detail: configured ? said : `${said}; no role uses it` }];
  });
  const unlisted = models
    .filter(({ listed }) => listed === false)
    .map(({ model, roles, nearest }): Check => {
      const lists = roles.map((role) => `roles.${role}`).join(', ');
      const instead = nearest.length === 0 ? 'another model' : nearest.join(' or ');
      const fix = `Name ${instead} in ${lists}.`;
      return { ...bad(`model ${model}`, 'its provider does not list it', fix), minor: true };
    });
  // Without an answer from any provider, modelChecks has named these roles.
  const without = asked.length === 0 ? [] : rolesWithoutModel;
  return [
    ...asked,
    ...unlisted,
    ...without.map((role) => {
      const fix = `Mend a provider above, or change roles.${role} in the config.`;
      return bad(`role ${role}`, 'none of its models works', fix);
    }),
  ];
}
