import type { ResolvedConfig } from '../config/resolved-config.ts';
import { usageFault } from '../domain/errors.ts';
import type { Redactor } from '../text/redact.ts';
import type { Recording } from '../models/middleware/record.ts';
import type { Replay } from '../models/recording/replay.ts';
import type { ProgramOptions } from './options.ts';

/** What `--record` and `--replay` ask for; null where they do not. */
export interface RecordReplay {
  /** With a replay: its models in place of the configured ones. */
  readonly config: ResolvedConfig;
  readonly recording: Recording | null;
  readonly replay: Replay | null;
}

/**
 * Opens the recording to write or to play, before anything is asked or paid.
 * @throws BlueprintError `usage`, or what is wrong with the file
 */
export async function openRecordReplay(
  config: ResolvedConfig,
  redactor: Redactor,
  { cwd, flags, warn }: Pick<ProgramOptions, 'cwd' | 'flags' | 'warn'>,
): Promise<RecordReplay> {
  const { record, replay, script, role } = flags;
  if (record === undefined && replay === undefined)
    return { config, recording: null, replay: null };
  const others = [
    ...(record === undefined ? [] : ['--record']),
    ...(script === undefined ? [] : ['--script']),
    ...(role === undefined ? [] : ['--role']),
  ];
  if (replay !== undefined && others.length > 0)
    throw usageFault(
      `--replay answers every call from its recording, by the models of the recording: ${others.join(' and ')} cannot be given with it`,
      `Leave out --replay, or ${others.join(' and ')}.`,
    );
  if (replay !== undefined) {
    const { openReplay } = await import('./replaying.ts');
    return openReplay(replay, config, redactor, { cwd, warn });
  }
  const { openRecording } = await import('./recording.ts');
  const recording = await openRecording(record ?? '', config.featuresDir, { cwd, warn });
  return { config, recording, replay: null };
}
