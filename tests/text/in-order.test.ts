import { expect, test } from 'vitest';
import { inOrder } from '../../src/text/in-order.ts';

async function collect<R>(results: AsyncIterable<R>): Promise<R[]> {
  const all: R[] = [];
  for await (const result of results) all.push(result);
  return all;
}

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
};

test('results come in the order of the items, however long each takes', async () => {
  const ended: number[] = [];
  const work = async (item: number): Promise<number> => {
    await turns(20 - item * 5);
    ended.push(item);
    return item * 10;
  };
  expect(await collect(inOrder([0, 1, 2, 3], 4, work))).toEqual([0, 10, 20, 30]);
  expect(ended).toEqual([3, 2, 1, 0]);
});

test.each([1, 2, 3, 10])('no more than %i at once, and none is left out', async (most) => {
  let running = 0;
  let highest = 0;
  const work = async (item: number): Promise<number> => {
    highest = Math.max(highest, ++running);
    await turns(item % 3);
    running -= 1;
    return item;
  };
  const items = Array.from({ length: 7 }, (_, item) => item);
  expect(await collect(inOrder(items, most, work))).toEqual(items);
  expect(highest).toBeLessThanOrEqual(most);
});

test('a failure is thrown in its turn; none of those under way is an unhandled one', async () => {
  const seen: number[] = [];
  const work = async (item: number): Promise<number> => {
    if (item > 0) throw new Error(`no ${item}`);
    await turns(5);
    return item;
  };
  const walk = async (): Promise<void> => {
    for await (const item of inOrder([0, 1, 2], 3, work)) seen.push(item);
  };
  await expect(walk()).rejects.toThrow('no 1');
  expect(seen).toEqual([0]);
});

test.each(['a failure', 'a reader that has enough'])('%s leaves nothing behind', async (end) => {
  let running = 0;
  const work = async (item: number): Promise<number> => {
    running += 1;
    await turns(item * 5);
    running -= 1;
    if (item === 0 && end === 'a failure') throw new Error('no');
    return item;
  };
  const walk = async (): Promise<void> => {
    for await (const item of inOrder([0, 1, 2, 3, 4], 3, work)) if (item === 0) break;
  };
  await walk().catch(() => undefined);
  expect(running).toBe(0);
});
