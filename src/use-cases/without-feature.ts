import type { AdHocParts } from './ad-hoc.ts';
import type { AskInput, AskOutcome } from './ask.ts';
import type { Listener } from '../compose/session.ts';
import type { TournamentReport, TournamentWanted } from './tournament.ts';

/** The use cases that belong to no feature. */
export function withoutFeature(parts: () => Promise<AdHocParts>) {
  return {
    /** One answer of several models. */
    async ask(input: AskInput, listen?: Listener): Promise<AskOutcome> {
      const { ask } = await import('./ask.ts');
      return ask(await parts(), input, listen);
    },

    /** Whom `ask` would ask; no call is made. */
    async ensemblePlan(question: string, wanted: Pick<AskInput, 'mode' | 'models'>) {
      const { planFor } = await import('./ask-plan.ts');
      const { config, absent } = await parts();
      return planFor(config, question, wanted, absent ?? new Map());
    },

    /** A spec solved by several candidates. */
    async tournament(wanted: TournamentWanted, listen?: Listener): Promise<TournamentReport> {
      const { tournamentOf } = await import('./tournament.ts');
      return tournamentOf(await parts(), wanted, listen);
    },
  };
}
