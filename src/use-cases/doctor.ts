import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { BlueprintError } from '../domain/errors.ts';
import { isRules } from '../domain/model-role.ts';
import { checkModels, type ModelChecks } from './check-models.ts';
import { list } from './list.ts';
import type { RoleRoute, Routes, SandboxCandidates } from './ports.ts';
import type { Caller, Program } from './program.ts';
import { routes } from './routes.ts';

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
  { live, nodeVersion }: DoctorInput,
  program: Program,
  caller: Caller,
): Promise<Diagnosis> {
  const { config, cwd } = program;
  const routed = await routes(program, caller);
  const checks = [
    nodeCheck(nodeVersion),
    await gitCheck(cwd),
    { name: 'config', ok: true, detail: config.file ?? 'none; defaults', fix: null },
    await folderCheck(config.featuresDir),
    sandboxCheck(await program.sandbox(caller.signal)),
    ...(await featureChecks(program)),
    ...modelChecks(routed.roles, routed.providers),
    ...providerChecks(await checkModels({ live, routed }, program, caller)),
  ];
  const ok = checks.every((check: Check) => check.ok || check.minor === true);
  return { ok, checks, ...routed };
}

function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return { name: 'node', ok, detail: version, fix: ok ? null : 'Install Node 20.19 or newer.' };
}

async function gitCheck(cwd: string): Promise<Check> {
  const { stdout, failed } = await execa('git', ['--version'], {
    cwd,
    reject: false,
    timeout: 5_000,
  });
  return failed
    ? { name: 'git', ok: false, detail: 'not found', fix: 'Install git.' }
    : { name: 'git', ok: true, detail: stdout.replace('git version ', ''), fix: null };
}

async function folderCheck(folder: string): Promise<Check> {
  // The features folder is made with the first feature: until then its parent has to be writable.
  for (const place of [folder, dirname(folder)]) {
    const writable = await access(place, constants.W_OK).then(
      () => true,
      (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? null : false),
    );
    if (writable === true) return { name: 'features folder', ok: true, detail: folder, fix: null };
    if (writable === false) break;
  }
  return {
    name: 'features folder',
    ok: false,
    detail: `${folder} cannot be written`,
    fix: 'Give yourself the right to write there, or set featuresDir in the config.',
  };
}

/** Which sandbox works, why those before it do not, and what would mend the first. */
function sandboxCheck({ sandbox, unavailable }: SandboxCandidates): Check {
  const others = unavailable.map(({ name, reason }) => `${name}: ${reason}`).join('; ');
  const [first] = unavailable;
  if (sandbox === null)
    return {
      name: 'sandbox',
      ok: false,
      minor: true,
      detail: `none works; ${others}`,
      fix: first?.fix ?? null,
    };
  const kind = sandbox.isolated ? sandbox.name : `${sandbox.name} (not isolated)`;
  const detail = `${kind} works${others === '' ? '' : `; ${others}`}`;
  return { name: 'sandbox', ok: true, detail, fix: null };
}

/** A task list that cannot be read is told with its place. */
async function featureChecks(program: Program): Promise<Check[]> {
  const features = await list(program).catch((error: unknown) => {
    if (error instanceof BlueprintError) return error;
    throw error;
  });
  if (features instanceof BlueprintError)
    return [{ name: 'features', ok: false, detail: features.message, fix: features.fix ?? null }];
  const broken = features.flatMap(({ slug, problem }) =>
    problem === null
      ? []
      : [
          {
            name: `feature ${slug}`,
            ok: false,
            detail: `${problem.message}${problem.target === undefined ? '' : ` (${problem.target})`}`,
            fix: problem.fix ?? null,
          },
        ],
  );
  const count = `${features.length} feature${features.length === 1 ? '' : 's'}`;
  return broken.length > 0
    ? broken
    : [{ name: 'features', ok: true, detail: `${count}, all readable`, fix: null }];
}

/** Each list of models that nobody can answer, once; else whether any model can be asked at all. */
function modelChecks(
  roles: readonly RoleRoute[],
  providers: readonly { name: string; variables: readonly string[] }[],
): Check[] {
  const unreachable = roles.flatMap(({ role, problem, fix }) =>
    problem === null ? [] : [{ name: `role ${role}`, ok: false, detail: problem, fix }],
  );
  if (unreachable.length > 0) return unreachable;
  if (roles.some(({ decision }) => decision !== null && !isRules(decision.chosen)))
    return [{ name: 'models', ok: true, detail: 'at least one can be asked', fix: null }];
  const variables = providers.flatMap(({ variables: names }) => names.slice(0, 1));
  return [
    {
      name: 'models',
      ok: true,
      detail: 'no key is set: plans and scaffolds are made by rules',
      fix: `Set one of ${[...new Set(variables)].join(', ')}.`,
    },
  ];
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
    const count = listing.models.length;
    const said = `answers, and lists ${count} model${count === 1 ? '' : 's'}`;
    return [{ ...about, ok: true, detail: configured ? said : `${said}; no role uses it` }];
  });
  const unlisted = models
    .filter(({ listed }) => listed === false)
    .map(({ model, roles, nearest }): Check => {
      const lists = roles.map((role) => `roles.${role}`).join(', ');
      const instead = nearest.length === 0 ? 'another model' : nearest.join(' or ');
      return {
        name: `model ${model}`,
        ok: false,
        minor: true,
        detail: 'its provider does not list it',
        fix: `Name ${instead} in ${lists}.`,
      };
    });
  // Without an answer from any provider, modelChecks has told of these roles.
  const without = asked.length === 0 ? [] : rolesWithoutModel;
  return [
    ...asked,
    ...unlisted,
    ...without.map((role) => ({
      name: `role ${role}`,
      ok: false,
      detail: 'none of its models works',
      fix: `Mend a provider above, or change roles.${role} in the config.`,
    })),
  ];
}
