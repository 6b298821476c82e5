import { expect, it } from 'vitest';
import * as z from 'zod';
import { filesBelow, recall, remember } from '../../src/supervisor/steps.ts';
import { filesIn } from '../helpers/work.ts';

const step = { name: 'gates/a.json', key: 'k1', schema: z.array(z.string()) };

it('a finished step is remembered by name, key and schema', async () => {
  const written = new Map<string, string>();
  const files = filesBelow(filesIn(written), 'tournament');
  expect(await recall(files, step)).toBeNull();
  await remember(files, step, ['passed']);
  expect([...written.keys()]).toEqual(['tournament/gates/a.json']);
  expect(await recall(files, step)).toEqual(['passed']);
  expect(await recall(files, { ...step, key: 'k2' })).toBeNull();
  expect(await recall(files, { ...step, schema: z.array(z.number()) })).toBeNull();
});

it.each(['', '{', '["passed"]', '{"key":"k1"}', '{"key":"k1","value":["a"],"more":1}'])(
  'a file that a person changed, or an older version wrote, is none: %s',
  async (text) => {
    const files = filesIn(new Map([['gates/a.json', text]]));
    expect(await recall(files, step)).toBeNull();
  },
);

it('a sealed step whose value was edited by hand is not finished', async () => {
  const sealed = { ...step, sealed: true };
  const written = new Map<string, string>();
  const files = filesIn(written);
  await remember(files, sealed, ['passed']);
  expect(await recall(files, sealed)).toEqual(['passed']);
  written.set(step.name, (written.get(step.name) ?? '').replace('passed', 'failed'));
  expect(await recall(files, sealed)).toBeNull();
  expect(await recall(files, step)).toEqual(['failed']);
});
