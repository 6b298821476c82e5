import type { Diagnostic } from '../domain/errors.ts';
import type { Critic } from '../domain/tournament-settings.ts';
import { knownCritics } from './default-critics.ts';
import type { ResolvedTournament } from './resolved-config.ts';
import type { Settings } from './schema.ts';

/**
 * The critics with their charters, those that take part among them.
 * @param place what the user would look at.
 */
export function resolveTournament(
  { tournament, critics: written }: Pick<Settings, 'tournament' | 'critics'>,
  place: (path: readonly PropertyKey[]) => string,
): { resolved: ResolvedTournament; problems: Diagnostic[] } {
  const { blocking, critics: asked, ...settings } = tournament;
  const names = [...new Set([...Object.keys(knownCritics), ...Object.keys(written)])];
  const known = names.map((name): Critic => {
    const own = written[name];
    return {
      name,
      charter: own?.charter ?? knownCritics[name] ?? '',
      weight: own?.weight ?? 1,
      blocking: own?.blocking ?? blocking,
    };
  });
  const wanted = [...new Set(asked ?? names)];
  const problems: Diagnostic[] = [
    ...known
      .filter(({ charter }) => charter === '')
      .map(({ name }) => ({
        code: 'config-missing',
        message: `The critic «${name}» has no charter`,
        target: place(['critics', name]),
        fix: 'Say in "charter" what it looks at.',
      })),
    ...wanted
      .filter((name) => !names.includes(name))
      .map((name) => ({
        code: 'config-critic-unknown',
        message: `The critic «${name}» is not known`,
        target: place(['tournament', 'critics']),
        fix: `Known are ${names.join(', ')}; describe others under "critics".`,
      })),
  ];
  if (Object.values(settings.weights).every((weight) => weight === 0))
    problems.push({
      code: 'config-invalid',
      message: 'All weights of the tournament are 0',
      target: place(['tournament', 'weights']),
      fix: 'Give at least one of them a weight above 0.',
    });
  const critics = wanted.flatMap((name) => known.filter((critic) => critic.name === name));
  return { resolved: { ...settings, critics, knownCritics: known }, problems };
}
