import { expect, it } from 'vitest';
import { otherForms } from '../../../src/repository/rank/word-forms.ts';

it.each([
  ['retries', 'retry'],
  ['retry', 'retries'],
  ['retried', 'retry'],
  ['boxes', 'box'],
  ['caches', 'cache'],
  ['files', 'file'],
  ['file', 'files'],
  ['stopped', 'stop'],
  ['stopping', 'stop'],
  ['caching', 'cache'],
  ['parsed', 'parse'],
  ['failed', 'fail'],
  ['matches', 'match'],
])('%s may be written as %s', (word, form) => {
  expect(otherForms(word)).toContain(form);
  expect(otherForms(word)).not.toContain(word);
});

it.each(['is', 'as', 'ing', 'red', 's'])('takes nothing off %s', (word) => {
  expect([...otherForms(word)].every((form) => form.length > word.length)).toBe(true);
});
