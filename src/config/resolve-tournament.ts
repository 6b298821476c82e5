import type { Diagnostic } from '../domain/errors.ts';
import type { StrategyName } from '../extensions.ts';
import type { Critic } from '../domain/tournament-settings.ts';
import {
  blockingCategories,
  knownCritics,
  pessimisticScores,
  scoreWeights,
} from './default-critics.ts';
import { defaults } from './defaults.ts';
import type { Layer } from './layers.ts';
import type { ResolvedConfig, ResolvedTournament } from './resolved-config.ts';
import type { WrittenConfig } from './schema.ts';

/** The critics with their charters, and what of the tournament's settings is more than a number. */
export function resolveTournament(layer: Layer | undefined): {
  resolved: ResolvedTournament;
  problems: Diagnostic[];
} {
  const written = layer?.config.tournament ?? {};
  const own = layer?.config.critics ?? {};
  const place = layer?.place ?? (() => 'config');
  const plain = defaults.tournament;
  const problems: Diagnostic[] = [];
  const names = [...new Set([...Object.keys(knownCritics), ...Object.keys(own)])];
  const known = names.flatMap((name): Critic[] => {
    const charter = own[name]?.charter ?? knownCritics[name];
    if (charter === undefined) {
      problems.push({
        code: 'config-missing',
        message: `The critic «${name}» has no charter`,
        target: place(['critics', name]),
        fix: 'Say in "charter" what it looks at.',
      });
      return [];
    }
    return [
      {
        name,
        charter,
        weight: own[name]?.weight ?? 1,
        blocking: own[name]?.blocking ?? written.blocking ?? blockingCategories,
      },
    ];
  });
  const asked = [...new Set(written.critics ?? names)];
  for (const name of asked)
    if (!names.includes(name))
      problems.push({
        code: 'config-critic-unknown',
        message: `The critic «${name}» is not known`,
        target: place(['tournament', 'critics']),
        fix: `Known are ${names.join(', ')}; describe others under "critics".`,
      });
  const critics = asked.flatMap((name) => known.filter((critic) => critic.name === name));
  const weights = { ...scoreWeights, ...written.weights };
  if (Object.values(weights).every((weight) => weight === 0))
    problems.push({
      code: 'config-invalid',
      message: 'All weights of the tournament are 0',
      target: place(['tournament', 'weights']),
      fix: 'Give at least one of them a weight above 0.',
    });
  return {
    resolved: {
      k: written.k ?? plain.k,
      loops: written.loops ?? plain.loops,
      margin: written.margin ?? plain.margin,
      earlyStop: written.earlyStop ?? plain.earlyStop,
      deadlineMs: written.deadlineMs ?? plain.deadlineMs,
      critics,
      knownCritics: known,
      quorum: written.quorum ?? null,
      weights,
      pessimistic: written.pessimistic ?? pessimisticScores,
    },
    problems,
  };
}

/** The strategies of tasks; `single` where nothing is said. */
export function strategyOf(written: WrittenConfig['strategy']): ResolvedConfig['strategy'] {
  const fallback: StrategyName = 'single';
  if (typeof written === 'string') return { default: written, types: {}, categories: {} };
  return {
    default: written?.default ?? fallback,
    types: written?.types ?? {},
    categories: written?.categories ?? {},
  };
}
