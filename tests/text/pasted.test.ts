import { expect, test } from 'vitest';
import { pastedKey, pastedUrl } from '../../src/text/pasted.ts';

const key = 'sk-abcdefgh12345678';

test.each([
  key,
  `${key}\n`,
  `${key}\r\n`,
  `  ${key} `,
  `\t${key}`,
  `"${key}"`,
  `'${key}'`,
  `“${key}”`,
  `" ${key} "\n`,
  `"${key}`,
  `${key}\\n`,
  `${key},`,
  `"${key}",`,
  `Bearer ${key}`,
  `bearer  ${key}`,
  `Authorization: Bearer ${key}`,
  `x-api-key: ${key}`,
  `GROQ_API_KEY=${key}`,
  `export GROQ_API_KEY="${key}"`,
  `${key}\u200b`,
  `\ufeff${key}`,
  `\u00a0${key}\u00a0`,
])('the key in %j', (text) => {
  expect(pastedKey(text)).toBe(key);
});

test('what belongs to a key stays', () => {
  for (const odd of ['abc=', 'a;b', 'a"b', 'K=abc', 'sk_KEY-x']) expect(pastedKey(odd)).toBe(odd);
});

test.each([
  ['https://host.example/v1', 'https://host.example/v1'],
  [' https://host.example/v1/\n', 'https://host.example/v1'],
  ['https://host.example/v1//', 'https://host.example/v1'],
  ['"https://host.example/v1"', 'https://host.example/v1'],
  ["'https://host.example/v1',", 'https://host.example/v1'],
  ['HTTPS://Host.example/v1', 'https://host.example/v1'],
  ['host.example/v1', 'https://host.example/v1'],
  ['//host.example/v1', 'https://host.example/v1'],
  ['host.example:8000', 'http://host.example:8000'],
  ['127.0.0.1:9/v1', 'http://127.0.0.1:9/v1'],
  ['localhost/v1', 'http://localhost/v1'],
  ['box:8000/v1', 'http://box:8000/v1'],
  ['10.0.0.5/v1', 'http://10.0.0.5/v1'],
  ['https://host.example/v1/chat/completions', 'https://host.example/v1'],
  ['https://host.example/v1/chat/completions/', 'https://host.example/v1'],
  ['https://host.example/v1/messages', 'https://host.example/v1'],
  ['https://host.example/v1/responses', 'https://host.example/v1'],
  ['https://host.example/models/chat/completions', 'https://host.example/models'],
  ['https://host.example/v1?api-version=1', 'https://host.example/v1?api-version=1'],
  ['https://host.example/a/chat/completions?api-version=1', 'https://host.example/a?api-version=1'],
  ['https://host.example/v1#top', 'https://host.example/v1'],
  ['ftp://host.example', null],
  ['file:///etc/passwd', null],
  ['two words.example', null],
  ['nonsense', null],
  ['', null],
])('the address in %j', (text, url) => {
  expect(pastedUrl(text)).toBe(url);
});
