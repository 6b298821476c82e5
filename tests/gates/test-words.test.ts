import { expect, test } from 'vitest';
import { failureIn } from '../../src/gates/test-words.ts';

test.each([
  ['fatal: not a git repository\nstopping here\n', 'fatal: not a git repository'],
  ['Error: first\n  at here\nError: second\n', 'Error: second'],
  [
    '  a.js:9:2\n  ✖  9:2  Trailing spaces not allowed.\n\n  1 error\n',
    '✖ 9:2 Trailing spaces not allowed.',
  ],
  [
    '\u001b[31mE   ModuleNotFoundError: No module named a\u001b[0m\n2 warnings\n',
    'E ModuleNotFoundError: No module named a',
  ],
  ['one\ntwo\n', 'two'],
  [' \n', 'it does not say why'],
])('an output is told by the line that says most: %j', (output, line) => {
  expect(failureIn(output)).toBe(line);
});
