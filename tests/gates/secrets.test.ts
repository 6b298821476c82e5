import { expect, it } from 'vitest';
import { createRedactor } from '../../src/text/redact.ts';
import { secretsGate } from '../../src/gates/secrets.ts';
import { gateInput, running } from './inputs.ts';

const { held } = createRedactor([{ name: 'HOUSE_KEY', value: 'house-key-0123456789' }]);

const check = (changes: [string, string | null][]) =>
  secretsGate(held).check(gateInput(Object.fromEntries(changes)), running);

it('fails work that holds a secret, with place and way out, and does not repeat the value', async () => {
  const result = await check([
    ['src/ok.js', 'export {};\n'],
    ['src/client.js', 'a\nconst key = "house-key-0123456789";\n'],
    ['gone.js', null],
  ]);
  expect(result).toMatchObject({
    status: 'failed',
    summary: 'src/client.js:2: the file holds the value of HOUSE_KEY',
    findings: [
      {
        severity: 'blocker',
        category: 'security',
        location: 'src/client.js:2',
        fixHint: 'Read HOUSE_KEY from the environment instead.',
      },
    ],
  });
  expect(JSON.stringify(result)).not.toContain('house-key');
});

it('passes what reads it from the environment, and deletions', async () => {
  const passed = await check([
    ['src/client.js', 'const key = process.env.HOUSE_KEY;\n'],
    ['gone.js', null],
  ]);
  expect(passed).toMatchObject({ status: 'passed', findings: [] });
});
