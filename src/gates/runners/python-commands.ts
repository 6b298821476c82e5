import { posix } from 'node:path';
import { makeRecipe } from './make.ts';
import { pythonArguments, type PythonArguments } from './python-arguments.ts';
import type { ProjectView } from '../../files/project-view.ts';

/** How a Python project says that its tests are run. */
export interface NamedCommand {
  /** The file that says it. */
  readonly from: string;
  /** What it says, in its own words. */
  readonly command: string;
  /** Null: a program that is none of the runners known here. */
  readonly taken: PythonArguments | null;
}

/** A command with where it stands, and variables that are set for it. */
interface Said {
  readonly from: string;
  readonly command: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * What tox, nox, hatch, pdm, rye, poe, taskipy or a Makefile would run for the tests of a folder. Environments
 * are not made anew: it is run by the interpreter that is there. The first that starts a known runner counts,
 * else the first that starts a program of the project.
 */
export async function namedCommand(
  project: ProjectView,
  folder: string,
): Promise<NamedCommand | null> {
  const read = async (name: string): Promise<string | null> =>
    project.read(posix.join(folder, name));
  const said: Said[] = [];
  const tox = await read('tox.ini');
  if (tox !== null) said.push(...toxCommands(tox, 'tox.ini'));
  const nox = await read('noxfile.py');
  if (nox !== null) said.push(...noxCommands(nox));
  const pyproject = await read('pyproject.toml');
  if (pyproject !== null) said.push(...(await projectCommands(pyproject)));
  for (const name of ['GNUmakefile', 'makefile', 'Makefile']) {
    const recipe = makeRecipe((await read(name)) ?? '');
    if (recipe !== null) said.push({ from: name, command: recipe });
  }
  const all = said.map(({ from, command, env = {} }): NamedCommand => {
    const taken = pythonArguments(command);
    return {
      from: posix.join(folder, from),
      command,
      taken: taken && { ...taken, env: { ...env, ...taken.env } },
    };
  });
  return all.find(({ taken }) => taken !== null) ?? all.find(runsProgram) ?? null;
}

/** Programs of the project, and runners that tell their counts as others do. */
function runsProgram({ from, command }: NamedCommand): boolean {
  if (/akefile$/.test(from) || /\n|&&|;/.test(command.trim())) return false;
  const words = command.trim().replace(/^(?:(?:poetry|uv|pdm|hatch|pipenv|rye) run )/, '');
  return (
    /^(?:python[\d.]* )?(?:\.\/)?[\w./-]*(?:test|manage)[\w./-]*\.py\b(?! install)/.test(words) ||
    /^(?:python[\d.]* -m )?(?:nose2|trial|twisted\.trial|stestr|ward|django(?:-admin)? test)\b/.test(
      words,
    )
  );
}

/** `commands` of `[testenv]`, one a line, without what needs tox itself. */
function toxCommands(text: string, from: string): Said[] {
  const section = iniSection(text, 'testenv');
  if (section === null || section.has('changedir') || section.has('change_dir')) return [];
  const lines = (section.get('commands') ?? '').split('\n').map(withoutBraces);
  const set = section.get('setenv') ?? section.get('set_env') ?? '';
  const pairs = set.split('\n').flatMap((line): [string, string][] => {
    const [, name, value] = /^\s*([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    return name === undefined || value === undefined || /\{(?!toxinidir\}|tox_root\})/.test(value)
      ? []
      : [[name, withoutBraces(value)]];
  });
  const env = Object.fromEntries(pairs);
  return lines.filter((line) => line !== '').map((command) => ({ from, command, env }));
}

/** Values that tox and hatch put in: what people would give, by its default; the project's folder; else nothing. */
function withoutBraces(line: string): string {
  return line
    .replace(/\{(?:posargs|args)(?::([^{}]*))?\}/g, (_, usual?: string) => usual ?? '')
    .replace(/\{(?:toxinidir|tox_root|root)\}\/?/g, '')
    .replace(/\{env:\w+:([^{}]*)\}/g, '$1')
    .replace(/(?<=^|\s)\S*\{[^{}]*\}\S*/g, '')
    .trim();
}

/** The values of a section, continued lines among them. */
function iniSection(text: string, name: string): Map<string, string> | null {
  const [, ...sections] = `\n${text}`.split(/^\[/m);
  const body = sections.find((part) => part.startsWith(`${name}]`));
  if (body === undefined) return null;
  const plain = body.replace(/^[ \t]*[#;].*\n?/gm, '').replace(/\\\r?\n\s*/g, ' ');
  const values = plain.matchAll(/^([\w-]+)[ \t]*[=:][ \t]*(.*(?:\r?\n[ \t]+.*)*)/gm);
  return new Map([...values].map(([, key = '', value = '']) => [key, value]));
}

/** What a session of tests runs: `session.run("pytest", "-m", "fast")`. */
function noxCommands(text: string): Said[] {
  const plain = text.replace(/^\s*#.*$/gm, '');
  const sessions = plain.split(/^@nox\.session/m).slice(1);
  return sessions.flatMap((session) => {
    if (!/^def (?:test|tests|unit|pytest|check)\w*\(/m.test(session)) return [];
    const runs = session.matchAll(/\bsession\.run\(\s*((?:[^()]|\([^()]*\))*)\)/g);
    return [...runs].map(([, given = '']) => {
      // As far as it goes: keywords follow.
      const words = [...given.matchAll(/\s*(?:\*[\w.]+|(["'])((?:(?!\1)[^\\\n])*)\1)\s*(?:,|$)/gy)];
      const plainWords = words.flatMap(([, , word]) => word ?? []);
      return { from: 'noxfile.py', command: plainWords.map(quoted).join(' ') };
    });
  });
}

function quoted(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

const scripts = [
  ['tool', 'hatch', 'envs', 'default', 'scripts', 'test'],
  ['tool', 'hatch', 'envs', 'test', 'scripts', 'test'],
  ['tool', 'hatch', 'envs', 'test', 'scripts', 'run'],
  ['tool', 'pdm', 'scripts', 'test'],
  ['tool', 'rye', 'scripts', 'test'],
  ['tool', 'poe', 'tasks', 'test'],
  ['tool', 'taskipy', 'tasks', 'test'],
];

async function projectCommands(text: string): Promise<Said[]> {
  const { parse } = await import('smol-toml');
  let tree: unknown;
  try {
    tree = parse(text);
  } catch {
    return [];
  }
  const from = 'pyproject.toml';
  const legacy = at(tree, ['tool', 'tox', 'legacy_tox_ini']);
  const native = at(tree, ['tool', 'tox', 'env_run_base', 'commands']);
  const rows = Array.isArray(native) ? native.filter((row) => Array.isArray(row)) : [];
  return [
    ...(typeof legacy === 'string' ? toxCommands(legacy, from) : []),
    ...rows.map((row) => {
      const words = row.filter((word): word is string => typeof word === 'string');
      return { from, command: words.map(withoutBraces).filter(Boolean).map(quoted).join(' ') };
    }),
    ...scripts.flatMap((path) => linesOf(at(tree, path)).map((command) => ({ from, command }))),
  ];
}

/** A script is a text, a list of these, or a table that holds one. */
function linesOf(script: unknown): string[] {
  if (typeof script === 'string') return [withoutBraces(script)];
  if (Array.isArray(script)) {
    if (script.every((word) => typeof word === 'string')) return script.flatMap(linesOf);
    return [];
  }
  for (const key of ['cmd', 'shell', 'chain']) {
    const value = at(script, [key]);
    // A list is one command there.
    if (Array.isArray(value) && key === 'cmd')
      return [value.map((word) => quoted(String(word))).join(' ')];
    if (value !== undefined) return linesOf(value);
  }
  return [];
}

function at(tree: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? (value as Record<string, unknown>)[key]
        : undefined,
    tree,
  );
}
