import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { allEnded } from '../../src/domain/all-ended.ts';

it('gives what each gives, in order', async () => {
  expect(await allEnded([sleep(5, 'a'), sleep(1, 'b')])).toEqual(['a', 'b']);
});

it('throws only when nobody runs any more', async () => {
  let running = true;
  const slow = sleep(10).then(() => (running = false));
  await expect(allEnded([Promise.reject(new Error('no')), slow])).rejects.toThrow('no');
  expect(running).toBe(false);
});
