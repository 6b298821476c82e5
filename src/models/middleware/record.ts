import { createHash } from 'node:crypto';
import { ModelError } from '../../domain/model-error.ts';
import type { ModelRole } from '../../domain/model-role.ts';
import type { Redactor } from '../../text/redact.ts';
import type { LanguageModel } from '../language-model.ts';
import {
  recordedEntry,
  recordedHash,
  rulesEntry,
  type CallEnd,
} from '../recording/recorded-call.ts';

/** Where finished calls are recorded. */
export interface Recording {
  /** Whether a call with this hash was recorded before. */
  has(hash: string): boolean;
  /**
   * @param line one line of JSON.
   * @throws BlueprintError when it cannot be written: a recording with gaps is of no use.
   */
  add(hash: string, line: string): Promise<void>;
}

/**
 * Notes, once, that rules stood in for a role's model: in a replay they do so again. What they wrote is not
 * recorded, as they write the same each time.
 */
export async function recordRules(recording: Recording, role: ModelRole, at: Date): Promise<void> {
  const hash = createHash('sha256').update(`rules ${role}`).digest('hex');
  if (recording.has(hash)) return;
  await recording.add(hash, JSON.stringify(rulesEntry(role, hash, at)));
}

/**
 * Records every call that ended, outside all else: what came from the call store (unless the recording
 * has it), and an error after its retries. Replies are kept before they get here, so that none is lost
 * when the recording cannot be written. What is secret by value or form is hidden in it.
 */
export function withRecording(
  model: LanguageModel,
  options: { recording: Recording; redactor: Redactor; now: () => Date },
): LanguageModel {
  const { recording, redactor, now } = options;
  const { identity } = model;
  return {
    identity,
    async generate(request) {
      const started = now().getTime();
      const record = async (end: CallEnd): Promise<void> => {
        const hash = recordedHash(identity.ref, request, redactor);
        if ('result' in end && end.result.stored === true && recording.has(hash)) return;
        const at = now();
        const durationMs = at.getTime() - started;
        const entry = recordedEntry({ identity, request, hash, end, at, durationMs });
        await recording.add(hash, JSON.stringify(redactor.deep(entry)));
      };
      try {
        const result = await model.generate(request);
        await record({ result });
        return result;
      } catch (error) {
        if (error instanceof ModelError) await record({ error });
        throw error;
      }
    },
  };
}
