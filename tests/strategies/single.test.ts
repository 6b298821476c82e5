import { expect, it } from 'vitest';
import type { RunEventBody } from '../../src/domain/event.ts';
import { ModelError } from '../../src/domain/model-error.ts';
import { single } from '../../src/strategies/single.ts';
import { fakeModel, fakeRouter } from '../helpers/fake-model.ts';
import { filesIn, workOver } from '../helpers/work.ts';

function input(model: ReturnType<typeof fakeModel>, salt?: string) {
  const events: RunEventBody[] = [];
  const router = fakeRouter({ boilerplate: model });
  return {
    events,
    router,
    given: {
      work: workOver(router, {
        limits: { maxOutputTokens: 1234 },
        salt,
        emit: (event: RunEventBody) => void events.push(event),
      }),
      role: 'boilerplate' as const,
      prompt: [{ role: 'user' as const, name: 'task', text: 'Do it.'.repeat(40) }],
      checks: { blocking: new Set<string>(), run: async () => [] },
      files: filesIn(new Map()),
    },
  };
}

it('has one candidate by the model that the role maps to, chosen by the size of the content', async () => {
  const model = fakeModel({ execute: ['FILE: a\n````\nx\n````\n'] });
  const { given, events, router } = input(model, 'attempt-2');
  const { winner } = await single(given);
  expect(winner.changes).toEqual(new Map([['a', 'x\n']]));
  expect(router.decisions).toEqual([
    { role: 'boilerplate', need: { contentTokens: 69 }, chosen: 'fake/one' },
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
    parts: given.prompt,
  });
});

it('throws what kept it from having one', async () => {
  const fault = new ModelError({ kind: 'refused', model: 'fake/one', message: 'no' });
  await expect(single(input(fakeModel({ execute: [fault] })).given)).rejects.toBe(fault);
});
