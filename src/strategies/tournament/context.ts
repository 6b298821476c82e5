import type { TournamentSettings } from '../../domain/tournament-settings.ts';
import type { Deadline } from '../../supervisor/fan-out.ts';
import type { StrategyInput } from '../strategy.ts';
import type { Meter } from './meter.ts';

/** What all parts of one tournament share. */
export interface TournamentContext extends StrategyInput {
  readonly settings: TournamentSettings;
  readonly meter: Meter;
  /** Of one candidate's, critic's or synthesis's call. */
  readonly deadline: Deadline;
}
