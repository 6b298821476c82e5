import { gateNames } from '../../extensions.ts';
import type { WrittenConfig } from '../schema.ts';
import { isLoopback } from './address.ts';
import type { Ask } from './ask.ts';
import { providerAsks } from './provider-asks.ts';

/** What would have a budget stop later than its person means, or never. */
export function moneyAsks({ budget, prices = {}, providers = {} }: WrittenConfig): Ask[] {
  const unpriced = ['budget', 'allowUnpriced'];
  const isHere = (model: string): boolean => {
    const name = model.slice(0, Math.max(0, model.indexOf('/')));
    const own = providers[name];
    if (own?.baseUrl === undefined) return name === 'ollama' && own === undefined;
    return isLoopback(own.baseUrl) && providerAsks(name, own).length === 0;
  };
  return [
    ...(budget?.allowUnpriced === true
      ? [{ path: unpriced, says: 'asks models of unknown price, which no budget stops' }]
      : []),
    ...Object.keys(prices)
      .filter((model) => !isHere(model))
      .map((model) => ({ path: ['prices', model], says: 'says what is counted against a budget' })),
  ];
}

/** What would have work approved with fewer checks than usual. */
export function checkAsks({ gates, acceptance }: WrittenConfig): Ask[] {
  const untested: Ask[] =
    acceptance?.tests === 'off'
      ? [{ path: ['acceptance', 'tests'], says: 'has no tests made of criteria' }]
      : [];
  return [...untested, ...gateAsks(gates)];
}

function gateAsks(gates: WrittenConfig['gates']): Ask[] {
  if (gates === undefined) return [];
  const run = Array.isArray(gates) ? gates : gates.run;
  const skipped = run === undefined ? [] : gateNames.filter((name) => !run.includes(name));
  const path = Array.isArray(gates) ? ['gates'] : ['gates', 'run'];
  const left: Ask[] =
    skipped.length === 0 ? [] : [{ path, says: `leaves out the checks ${skipped.join(', ')}` }];
  if (Array.isArray(gates)) return left;
  const { command, whenNone } = gates.tests ?? {};
  if (typeof command === 'string')
    left.push({ path: ['gates', 'tests', 'command'], says: `runs «${command}» as the tests` });
  if (whenNone === 'accept')
    left.push({
      path: ['gates', 'tests', 'whenNone'],
      says: 'has code approved without any test',
    });
  return left;
}
