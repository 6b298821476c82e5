import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { ModelProvider } from '../models/language-model.ts';
import { absentProviders } from './absent-providers.ts';
import { providersOf } from './models.ts';
import type { RecordReplay } from './record-replay.ts';

/** The providers as they can be asked now: those of a replay in place of the configured ones. */
export async function openProviders(
  config: ResolvedConfig,
  replay: RecordReplay['replay'],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ModelProvider>> {
  return providersOf(config, replay?.providers, await absentProviders(config, signal));
}
