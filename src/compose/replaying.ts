import { readFile } from 'node:fs/promises';
import { freePrices, withoutKey } from '../config/resolve-providers.ts';
import type { ResolvedConfig } from '../config/resolved-config.ts';
import { BlueprintError, messageOf } from '../domain/errors.ts';
import type { Redactor } from '../text/redact.ts';
import {
  cutOffAt,
  isRecording,
  parseScript,
  type ScriptEntry,
} from '../models/providers/scripted-format.ts';
import type { RecordedEntry } from '../models/recording/differences.ts';
import { createReplay, type Replay } from '../models/recording/replay.ts';
import { shownPath } from '../state/feature-folder.ts';
import { counted } from '../text/counted.ts';

/**
 * A recording in place of the configured models: its roles and providers, at no cost.
 * @param path absolute.
 * @throws BlueprintError `replay-…`, or `script-invalid` with each broken line
 */
export async function openReplay(
  path: string,
  config: ResolvedConfig,
  redactor: Redactor,
  { cwd, warn }: { cwd: string; warn: (message: string) => void },
): Promise<{ config: ResolvedConfig; recording: null; replay: Replay }> {
  const shown = shownPath({ featuresDir: config.featuresDir, displayRoot: cwd }, path) || path;
  const text = await textOf(path, shown);
  if (!isRecording(text)) throw notRecorded(`${shown} is no recording`, shown);
  const cut = cutOffAt(text);
  if (cut !== null)
    warn(`warning: the last line of ${shown} is cut off, and left out: the recording was killed`);
  const entries = parseScript(cut === null ? text : text.slice(0, cut), shown);
  const recorded = entries.map((entry) => recordedIn(entry, shown));
  if (recorded.length === 0)
    throw new BlueprintError({
      code: 'replay-empty',
      message: `${shown} holds no call`,
      target: shown,
      fix: 'Make a recording with --record.',
    });
  const replay = createReplay(recorded, { path: shown, redactor });
  warn(
    `Replaying ${counted(recorded.length, 'recorded call')} from ${shown}: no provider is asked, nothing is paid.`,
  );
  const providers = new Map(
    [...replay.providers.keys()].map((name) => [
      name,
      { ...withoutKey(name, 'scripted'), script: path },
    ]),
  );
  const prices = freePrices([...config.providers.values(), ...providers.values()]);
  return {
    config: { ...config, roles: replay.roles, providers, prices },
    recording: null,
    replay,
  };
}

function recordedIn(entry: ScriptEntry, shown: string): RecordedEntry {
  const { recorded, error, reply } = entry;
  if (recorded !== undefined && (error !== undefined || (reply !== undefined && 'text' in reply)))
    return { ...entry, recorded };
  throw notRecorded(
    `Line ${entry.line} of ${shown} was not written by --record`,
    `${shown}:${entry.line}`,
  );
}

function notRecorded(message: string, target: string): BlueprintError {
  return new BlueprintError({
    code: 'replay-not-recorded',
    message,
    target,
    fix: 'Play a hand-written script with --script; --replay takes what --record has written.',
  });
}

async function textOf(path: string, shown: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new BlueprintError({
      code: 'replay-unreadable',
      message: `The recording ${shown} cannot be read: ${messageOf(cause)}`,
      target: shown,
      fix: 'Give the file that --record has written.',
      cause,
    });
  }
}
