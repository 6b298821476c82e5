import { configSchema, type WrittenConfig } from '../schema.ts';
import type { Ask } from './ask.ts';
import { checkAsks, moneyAsks } from './limit-asks.ts';
import { providerAsks } from './provider-asks.ts';

/**
 * What a config file would do that a person should know of before: start programs, send prompts or keys to
 * addresses, give the code of models more room, let work bring what runs by itself, weaken a budget, skip
 * checks. Names of known vendors' models, numbers, budgets and commands that run in the sandbox are not among
 * it.
 * @param isOpen the sandbox is off: commands of the config run as processes of the user's
 */
export function asksOf(written: WrittenConfig, isOpen: boolean): Ask[] {
  const { providers = {}, sandbox = {}, gates } = written;
  return [
    ...Object.entries(providers).flatMap(([name, own]) =>
      providerAsks(name, own).map((says) => ({ path: ['providers', name], says })),
    ),
    ...notifyAsks(written),
    ...sandboxAsks(sandbox),
    ...autorunAsks(gates),
    ...moneyAsks(written),
    ...checkAsks(written),
    ...(isOpen && gates !== undefined ? commandAsks(gates) : []),
  ];
}

function notifyAsks({ notify }: WrittenConfig): Ask[] {
  const command = notify?.command ?? [];
  if (command.length === 0) return [];
  const says = `starts the program «${command.join(' ')}» with your rights when work has ended`;
  return [{ path: ['notify', 'command'], says }];
}

const rooms = {
  memoryBytes: 'bytes of memory',
  processes: 'processes',
  outputBytes: 'bytes of output',
  diskBytes: 'bytes of the disk',
} as const;

function sandboxAsks(written: NonNullable<WrittenConfig['sandbox']>): Ask[] {
  const { sandbox: usual } = configSchema.parse({}, { jitless: true });
  const asks = (Object.keys(rooms) as (keyof typeof rooms)[]).flatMap((key): Ask[] => {
    const limit = written[key];
    if (limit === undefined || limit <= usual[key]) return [];
    return [{ path: ['sandbox', key], says: `lets code of models use ${limit} ${rooms[key]}` }];
  });
  const { image } = written;
  return image === undefined || image === null
    ? asks
    : [...asks, { path: ['sandbox', 'image'], says: `runs checks in the image ${image}` }];
}

/** A plan that came with the same clone could then bring hooks, CI and the like without a question. */
function autorunAsks(gates: WrittenConfig['gates']): Ask[] {
  if (gates === undefined || Array.isArray(gates)) return [];
  const { allowAutorun = [] } = gates;
  if (allowAutorun.length === 0) return [];
  const says = `lets work bring what runs by itself: ${allowAutorun.join(', ')}`;
  return [{ path: ['gates', 'allowAutorun'], says }];
}

/** Commands, where no sandbox holds them. */
function commandAsks(gates: NonNullable<WrittenConfig['gates']>): Ask[] {
  if (Array.isArray(gates)) return [];
  const { commands = [], setup, prepare, tests } = gates;
  const step = typeof setup === 'string' ? setup : setup?.run;
  const named: [string[], string | null | undefined][] = [
    ...commands.map((line): [string[], string] => [['gates', 'commands'], line]),
    [['gates', 'setup'], step],
    [['gates', 'prepare'], prepare],
    [['gates', 'tests', 'command'], tests?.command],
  ];
  return named.flatMap(([path, line]) =>
    line === undefined || line === null
      ? []
      : [{ path, says: `runs «${line}» with your rights where the sandbox is off` }],
  );
}

/** The config without what asks for trust. */
export function withoutAsked(written: WrittenConfig, asks: readonly Ask[]): WrittenConfig {
  return asks.reduce<unknown>((rest, { path }) => without(rest, path), written) as WrittenConfig;
}

function without(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    if (name !== step) return [[name, member]];
    return rest.length === 0 ? [] : [[name, without(member, rest)]];
  });
  return Object.fromEntries(members);
}
