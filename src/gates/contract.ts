import { throwIfAborted } from '../domain/errors.ts';
import { pathProblem } from '../domain/safe-path.ts';
import type { Finding } from '../domain/review.ts';
import { toSingleLine } from '../domain/text.ts';
import { declarationsOf, type Declaration, type Parameters } from './contract/declarations.ts';
import { definitionsIn, type Definition } from './contract/definitions.ts';
import type { Gate, GateInput } from './gate.ts';
import { checkerFor } from '../syntax/languages.ts';
import { blocker, counted, skipped, verdictOn } from './verdict.ts';
import { projectBefore } from './project-view.ts';

/** A definition, and where it stands. */
type Placed = Definition & { readonly path: string };

/** The names and signatures that the task declares are there, in the work or in what it builds on. */
export function contractGate(): Gate {
  return {
    name: 'contract',
    blocking: true,
    async check(input, signal) {
      const declared = declarationsOf(input.task);
      if (declared.length === 0) return skipped('the task declares no names');
      const defined = await definedByWork(input, signal);
      if (defined === null) return skipped('no changed file is of a language with a grammar');
      let absent = declared.filter(({ name }) => !defined.some((other) => other.name === name));
      if (absent.length > 0) {
        const before = await definedBefore(input, absent, signal);
        absent = absent.filter(({ name }) => !before.has(name));
      }
      const findings = [
        ...absent.map(notThere),
        ...declared.flatMap((declaration) => mismatch(declaration, defined)),
      ];
      return verdictOn(findings, `${counted(declared.length, 'declared name')} found`);
    },
  };
}

/** Null when no changed file could be read for it. */
async function definedByWork(input: GateInput, signal: AbortSignal): Promise<Placed[] | null> {
  const found: Placed[] = [];
  let read = 0;
  for (const path of new Set([...input.changes.keys(), ...input.task.files])) {
    throwIfAborted(signal);
    if (pathProblem(path) !== null) continue;
    const changed = input.changes.get(path);
    const text = changed === undefined ? await input.base(path) : changed;
    const definitions = text === null ? null : await definitionsIn(path, text, signal);
    if (definitions === null) continue;
    read += 1;
    for (const definition of definitions) found.push({ ...definition, path });
  }
  return read === 0 ? null : found;
}

/** Those of the names that the rest of the project defines: the task only speaks of them. */
async function definedBefore(
  input: GateInput,
  absent: readonly Declaration[],
  signal: AbortSignal,
): Promise<Set<string>> {
  const project = await projectBefore(input, signal);
  const found = new Set<string>();
  for (const path of project.files) {
    throwIfAborted(signal);
    // What the work replaced was looked at as it is now.
    if (input.changes.has(path) || checkerFor(path)?.kind !== 'code') continue;
    const text = (await project.read(path)) ?? '';
    if (!absent.some(({ name }) => text.includes(name))) continue;
    for (const { name } of (await definitionsIn(path, text, signal)) ?? []) found.add(name);
  }
  return found;
}

function notThere(declaration: Declaration): Finding {
  const { name, text } = declaration;
  return blocker(
    'contract',
    null,
    `the task declares ${toSingleLine(text, 160)}, but nothing defines ${name}`,
    `Define ${name} as the task declares it.`,
  );
}

/** What differs in the definition that comes nearest to the declaration. */
function mismatch(declaration: Declaration, defined: readonly Placed[]): Finding[] {
  const named = defined.filter(({ name }) => name === declaration.name);
  if (named.length === 0) return [];
  const judged = named.map((definition) => ({
    definition,
    problem: differs(declaration, definition),
  }));
  const [first] = judged;
  if (first === undefined || judged.some(({ problem }) => problem === null)) return [];
  const { path, line } = first.definition;
  return [
    blocker(
      'contract',
      `${path}:${line}`,
      `the task declares ${toSingleLine(declaration.text, 160)}, but ${declaration.name} ${first.problem ?? ''}`,
      'Make it as the task declares it.',
    ),
  ];
}

function differs(declaration: Declaration, definition: Placed): string | null {
  if (declaration.kind !== 'value' && definition.kind !== declaration.kind)
    return `is no ${declaration.kind === 'type' ? 'type' : 'function'}`;
  if (declaration.exported && !definition.exported && /\.[cm]?[jt]sx?$/.test(definition.path))
    return 'is not exported';
  const { parameters: asked } = declaration;
  const { parameters: given } = definition;
  if (asked === null || given === null) return null;
  const most = Number.isFinite(asked.most) ? asked.most : asked.required;
  return given.required <= most && given.most >= most ? null : `takes ${argumentCount(given)}`;
}

function argumentCount({ required, most }: Parameters): string {
  if (!Number.isFinite(most)) return `${required} or more arguments`;
  const range = required === most ? String(most) : `${required} to ${most}`;
  return `${range} argument${most === 1 ? '' : 's'}`;
}
