import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import {
  eventVersion,
  runEventSchema,
  type Emit,
  type RunEventBody,
} from '../../src/domain/event.ts';

/** Keeps what is emitted. An event that a journal would not give back as it is fails the test. */
export function recordEvents(): { events: RunEventBody[]; emit: Emit } {
  const events: RunEventBody[] = [];
  const emit: Emit = (body) => {
    const event = { at: '2026-01-01T00:00:00.000Z', run: 'test', version: eventVersion, ...body };
    const { data, error } = runEventSchema.safeParse(event);
    if (!isDeepStrictEqual(data, event)) expect.soft(data, error?.message).toEqual(event);
    events.push(body);
  };
  return { events, emit };
}
