import { knownProviders, providers as kinds, type ProviderKind } from '../../extensions.ts';
import { pastedUrl } from '../../text/pasted.ts';
import type { WrittenConfig } from '../schema.ts';
import { isLoopback } from './address.ts';

type WrittenProvider = NonNullable<WrittenConfig['providers']>[string];

/** Keys of vendors, which go nowhere but to their vendor. */
const vendorVariables: ReadonlySet<string> = new Set([
  ...[...knownProviders.values()].flatMap(({ keyVariables = [], otherKeyVariables = [] }) => [
    ...keyVariables,
    ...otherKeyVariables,
  ]),
  ...Object.values<{ program?: { variables: readonly string[] } }>(kinds).flatMap(
    ({ program }) => program?.variables ?? [],
  ),
]);

/** What a provider's entry would do that a person should know of before, each in one line; mostly nothing. */
export function providerAsks(name: string, own: WrittenProvider): string[] {
  const known = knownProviders.get(name);
  const kind = own.kind ?? known?.kind ?? 'openai-compatible';
  const asks: string[] = [];
  if (own.command !== undefined)
    asks.push(
      `starts the program «${[own.command, ...(own.args ?? [])].join(' ')}» with your rights`,
    );
  const address = own.baseUrl === undefined ? null : (pastedUrl(own.baseUrl) ?? own.baseUrl);
  const isNear = address !== null && isLoopback(address);
  if (address !== null && !isNear)
    asks.push(`sends prompts, with files of this project, to ${address}`);
  if (own.allowHttp === true) asks.push('sends its key without encryption');
  const kindFits = known === undefined || known.kind === kind;
  for (const variable of variablesOf(name, kind, own)) {
    const isVendors = vendorVariables.has(variable);
    const ofVendor = known?.keyVariables?.includes(variable) === true;
    // The vendor's own address, and its own key.
    if (ofVendor && address === null && kindFits) continue;
    if (isNear && !isVendors && isNamedAfter(name, variable)) continue;
    asks.push(`gives the variable ${variable} to ${addresseeOf(kind, own, address)}`);
  }
  return asks;
}

/** The variables that may hold the key which is sent. */
function variablesOf(name: string, kind: ProviderKind, own: WrittenProvider): readonly string[] {
  if (own.apiKeyEnv !== undefined) return [own.apiKeyEnv];
  const known = knownProviders.get(name);
  if (known !== undefined)
    return [...(known.keyVariables ?? []), ...(known.otherKeyVariables ?? [])];
  const traits: { builtIn?: boolean; program?: unknown; keyless?: boolean } = kinds[kind];
  const keyless = own.keyless ?? traits.keyless ?? false;
  if (traits.builtIn === true || traits.program !== undefined || keyless) return [];
  return [usualVariable(name)];
}

/** The variable of a provider that is not known by name. */
export function usualVariable(name: string): string {
  return `${upper(name)}_API_KEY`;
}

/** A name made up for a server on this machine asks for the key of that server alone. */
function isNamedAfter(name: string, variable: string): boolean {
  return [usualVariable(name), `${upper(name)}_KEY`].includes(variable);
}

const upper = (name: string): string => name.toUpperCase().replaceAll('-', '_');

function addresseeOf(kind: ProviderKind, own: WrittenProvider, address: string | null): string {
  if (address !== null) return address;
  const traits: { program?: { command: string | null }; list?: { baseUrl?: string } } = kinds[kind];
  if (traits.program !== undefined)
    return `the program ${own.command ?? traits.program.command ?? kind}`;
  return traits.list?.baseUrl ?? `a server of the kind ${kind}`;
}
