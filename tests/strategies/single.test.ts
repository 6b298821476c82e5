import { expect, it } from 'vitest';
import type { RunEventBody } from '../../src/domain/event.ts';
import { ModelError } from '../../src/domain/model-error.ts';
import { single } from '../../src/strategies/single.ts';
import { fakeModel, fakeRouter } from '../helpers/fake-model.ts';
import { task } from '../state/fixtures.ts';

function input(model: ReturnType<typeof fakeModel>, salt?: string) {
  const events: RunEventBody[] = [];
  const router = fakeRouter({ boilerplate: model });
  return {
    events,
    router,
    given: {
      task: task('T1'),
      role: 'boilerplate' as const,
      parts: [{ role: 'user' as const, name: 'task', text: 'Do it.' }],
      purpose: { stage: 'execute', feature: 'f', task: 'T1', attempt: 1, round: 1 },
      base: async () => null,
      codec: 'fenced' as const,
      maxOutputTokens: 1234,
      contentTokens: 77,
      salt,
      router,
      check: async () => [],
      blockingGates: new Set<string>(),
      record: { read: async () => null, write: async () => undefined },
      emit: (event: RunEventBody) => void events.push(event),
      signal: new AbortController().signal,
    },
  };
}

it('has one candidate by the model that the role maps to, chosen by the size of the content', async () => {
  const model = fakeModel({ execute: ['FILE: a\n````\nx\n````\n'] });
  const { given, events, router } = input(model, 'attempt-2');
  const { winner, candidates } = await single(given);
  expect(candidates).toEqual([winner]);
  expect(winner.changes).toEqual(new Map([['a', 'x\n']]));
  expect(router.decisions).toEqual([
    { role: 'boilerplate', need: { contentTokens: 77 }, chosen: 'fake/one' },
  ]);
  expect(events).toEqual([
    {
      type: 'route-decide',
      task: 'T1',
      decision: expect.objectContaining({ chosen: 'fake/one', reason: 'named for boilerplate' }),
    },
  ]);
  expect(model.requests[0]).toMatchObject({
    role: 'boilerplate',
    maxOutputTokens: 1234,
    salt: 'attempt-2',
    parts: given.parts,
  });
});

it('throws what kept it from having one', async () => {
  const fault = new ModelError({ kind: 'refused', model: 'fake/one', message: 'no' });
  await expect(single(input(fakeModel({ execute: [fault] })).given)).rejects.toBe(fault);
});
