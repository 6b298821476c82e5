import { expect, test } from 'vitest';
import { charactersGate } from '../../src/gates/characters.ts';
import type { GateInput } from '../../src/gates/gate.ts';

async function judged(content: string, before: string | null = null) {
  const input = {
    changes: new Map([['src/a.ts', content]]),
    base: () => Promise.resolve(before),
  } as unknown as GateInput;
  const { status, findings } = await charactersGate().check(input, new AbortController().signal);
  return { status, severities: findings.map(({ severity }) => severity), findings };
}

test.each([
  ['an override of direction', 'if (a !== "user\u202e \u2066// admin\u2069 \u2066") {}\n'],
  ['an isolate', '/*\u2066 } */\n'],
  ['a tag character', 'const a = "x\u{e0041}";\n'],
  ['a mark of width zero in a name', 'const is\u200bAdmin = true;\n'],
  ['a filler in a name', 'const a\u3164b = true;\n'],
  ['a control', 'const a = "\u0008";\n'],
  ['a sequence of a terminal', '// \u009b2J\n'],
])('%s blocks', async (_name, content) => {
  const { status, findings } = await judged(content);
  expect(status).toBe('failed');
  expect(findings[0]?.evidence).toMatch(/\\u\{[0-9a-f]+\}/);
  expect(findings[0]?.evidence).not.toMatch(/[\u202e\u200b\u3164\u0008\u009b]/);
});

test.each([
  ['a byte order mark', '\ufeffconst a = 1;\n'],
  ['joined emoji', 'const family = "👨\u200d👩\u200d👧, 👩🏽\u200d💻, ❤\ufe0f\u200d🔥, 1\ufe0f⃣";\n'],
  ['Hebrew and Arabic', 'const words = ["שלום", "مرحبا"];\n'],
  ['Persian with its joiners', 'const word = "می\u200cخواهم";\n'],
  ['Hindi with its joiners', 'const word = "क्\u200dष";\n'],
  ['variants of Chinese characters', 'const word = "葛\u{e0100}";\n'],
])('%s is what text needs', async (_name, content) => {
  expect(await judged(content)).toMatchObject({ status: 'passed', severities: [] });
});

test('others are told, and what was there before is not', async () => {
  expect(await judged('const a = "x \u200b y";\n')).toMatchObject({
    status: 'passed',
    severities: ['minor'],
  });
  const old = 'const a = "\u202e";\n';
  expect(await judged(`${old}more\n`, old)).toMatchObject({ status: 'passed', severities: [] });
});
