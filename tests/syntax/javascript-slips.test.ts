import { expect, test } from 'vitest';
import { readSyntax } from '../../src/syntax/read-syntax.ts';

test.each([
  ['javascript', 'let a = 1;\n…\n', 2, 'no name can hold «…»'],
  ['typescript', '// “a”\nlet b: C = “d”;\n', 2, 'no name can hold «“»'],
  ['typescript', 'let a = { ‘b’: 1 };\n', 1, 'no name can hold «‘»'],
  ['tsx', 'const a = (\n  <B>…</B>\n);\ntype C = 😀;\n', 4, 'no name can hold «😀»'],
  ['javascript', '\n{ "a": 1, "b": {} }\n', 2, 'an object is no statement'],
] as const)('%s: %j', async (grammar, text, line, message) => {
  const job = { kind: 'errors', grammar, text, limitMs: 20_000 } as const;
  expect(await readSyntax(job)).toEqual([{ line, message }]);
});
