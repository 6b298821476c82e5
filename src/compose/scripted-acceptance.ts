import { readFile } from 'node:fs/promises';
import type { ResolvedConfig } from '../config/resolved-config.ts';
import type { AcceptanceSettings } from '../domain/acceptance.ts';
import type { Emit } from '../domain/event.ts';
import { parseScript, type ScriptEntry } from '../models/providers/scripted-format.ts';

/**
 * What code tasks are held to. A script or a recording without a reply for tests of criteria, or for a reader of
 * them, was made without them, and is played without them: this is told.
 */
export async function acceptanceOf(
  config: ResolvedConfig,
  emit: Emit,
): Promise<AcceptanceSettings> {
  const { acceptance, roles, providers } = config;
  if (acceptance.tests === 'off') return acceptance;
  const [author] = roles.coder.models;
  const script = author && providers.get(author.provider)?.script;
  const entries = script === undefined ? null : await entriesOf(script);
  if (entries?.some(isForCriteria) !== false) return acceptance;
  const message =
    'the script has no entry for the stages acceptance and criteria: tasks are not held to tests of their criteria (docs/scripts.md)';
  emit({ type: 'warning', code: 'script-without-acceptance', message, task: null });
  return { ...acceptance, tests: 'off' };
}

function isForCriteria({ when: { stage } }: ScriptEntry): boolean {
  return stage === undefined || stage === 'acceptance' || stage === 'criteria';
}

/** Null for a script that cannot be read: the first call tells what is wrong with it. */
async function entriesOf(path: string): Promise<readonly ScriptEntry[] | null> {
  try {
    return parseScript(await readFile(path, 'utf8'), path);
  } catch {
    return null;
  }
}
