import { expect, test } from 'vitest';
import type { ResolvedCli } from '../../../../src/config/resolved-config.ts';
import { fakeClis, type Scenario } from '../../../helpers/fake-cli/install.ts';
import { failureOf, requestOf } from '../vendors.ts';
import { commandIn, secrets } from './programs.ts';

const install = fakeClis();

async function start(scenario: Scenario, changes: Partial<ResolvedCli> = {}) {
  const fake = await install('my-model', scenario);
  return { fake, model: commandIn(fake.folder, changes).model('qwen3-coder') };
}

test('is given the prompt with its instructions, and its own arguments', async () => {
  const { fake, model } = await start({ says: 'Yes.\n' }, { args: ['-m', '{model}', '$(id)'] });
  const result = await model.generate(requestOf());
  expect(result).toMatchObject({ text: 'Yes.', identity: { family: 'qwen' } });
  const [started] = await fake.starts();
  expect(started?.args).toEqual(['-m', 'qwen3-coder', '$(id)']);
  expect(started?.input).toBe('You write code.\n\nWrite it.');
  const kept = Object.keys(started?.env ?? {}).filter((name) => name in secrets);
  expect(kept).toEqual([]);
});

test('the schema stands in the prompt', async () => {
  const { fake, model } = await start({ says: '{"fine":true}' });
  const schema = { name: 'plan', json: { type: 'object' } };
  await model.generate(requestOf({ schema }));
  const [started] = await fake.starts();
  expect(started?.input).toContain('{"type":"object"}');
});

test('text is taken without colours and blanks at its end', async () => {
  const { model } = await start({ says: '\u001b[32m  Yes.\u001b[0m\n  No.\n\n' });
  expect((await model.generate(requestOf())).text).toBe('  Yes.\n  No.');
});

test('JSON is the reply itself, or holds it at a path', async () => {
  const says = '{"choices":[{"message":{"content":"Yes."}}]}\n';
  const whole = await start({ says }, { output: 'json' });
  expect((await whole.model.generate(requestOf())).text).toBe(says.trim());
  const inner = await start({ says }, { output: 'json', textPath: 'choices.0.message.content' });
  expect((await inner.model.generate(requestOf())).text).toBe('Yes.');
});

test.each([
  ['colours', '\u001b[1m{\u001b[0m"text": \u001b[32m"Yes."\u001b[0m}\n'],
  ['a notice before it', '[INFO] one moment\n{"text":"Yes."}\n'],
  ['a notice behind it', '{\n"text":"Yes."\n}\nA new version is there.\n'],
  ['a progress line', '\r50 %\r100 %\r\u001b[2K\n{"text":"Yes."}\n'],
  ['a byte order mark', '\u00ef\u00bb\u00bf{"text":"Yes."}'],
])('%s does not hide a JSON document', async (_title, says) => {
  const { model } = await start({ says }, { output: 'json', textPath: 'text' });
  expect((await model.generate(requestOf())).text).toBe('Yes.');
});

test('colours and progress do not hide JSON lines', async () => {
  const says = '⠋\r⠙\r\u001b[32m{"text":"Y"}\u001b[0m\r\n\u001b[32m{"text":"es."}\u001b[0m';
  const { model } = await start(
    { says: Buffer.from(says).toString('latin1') },
    { output: 'jsonl', textPath: 'text' },
  );
  expect((await model.generate(requestOf())).text).toBe('Yes.');
});

test('JSON lines are joined, and shown', async () => {
  const says = '{"d":{"t":"Y"}}\n{"ping":1}\n{"d":{"t":"es."}}';
  const { model } = await start({ says }, { output: 'jsonl', textPath: 'd.t' });
  const deltas: string[] = [];
  const result = await model.generate(requestOf({ onText: (delta) => deltas.push(delta) }));
  expect(result.text).toBe('Yes.');
  expect(deltas).toEqual(['Y', 'es.']);
});

test.each([
  { title: 'no text at the path', says: '{"a":1}', output: 'json', kind: 'malformed' },
  {
    title: 'an error',
    says: '{"error":{"message":"Rate limit"}}',
    output: 'json',
    kind: 'rate_limit',
  },
  {
    title: 'an error on a line',
    says: '{"error":"Not logged in"}\n',
    output: 'jsonl',
    kind: 'auth',
  },
  { title: 'JSON cut short', says: '{"text":"Ye', output: 'json', kind: 'malformed' },
  { title: 'garbage', says: 'Yes.', output: 'jsonl', kind: 'malformed' },
  { title: 'nothing', says: '\n', output: 'text', kind: 'malformed' },
] as const)('$title → $kind', async ({ says, output, kind }) => {
  const { model } = await start({ says }, { output, textPath: 'text' });
  expect((await failureOf(model.generate(requestOf()))).kind).toBe(kind);
});

test('gets the variable that the config names, which no error shows', async () => {
  const key = { variable: 'MY_MODEL_KEY', value: secrets.MY_MODEL_KEY };
  const stderr = `Invalid API key ${key.value}\n`;
  const fake = await install('my-model', { exitCode: 1, stderr });
  const failure = await failureOf(commandIn(fake.folder, {}, key).model('m').generate(requestOf()));
  expect(failure.kind).toBe('auth');
  expect(failure.message).toContain('[redacted]');
  const [started] = await fake.starts();
  expect(started?.env['MY_MODEL_KEY']).toBe(key.value);
});

test('is not available without that variable', async () => {
  const fake = await install('my-model', {});
  const provider = commandIn(fake.folder, {}, { variable: 'ABSENT_KEY', value: undefined });
  expect(provider.unavailable()).toEqual({
    reason: 'ABSENT_KEY is not set',
    variables: ['ABSENT_KEY'],
  });
  const failure = await failureOf(provider.model('m').generate(requestOf()));
  expect(failure.message).toContain('ABSENT_KEY is not set');
  expect(await fake.starts()).toEqual([]);
});

test('a silent program counts as alive', async () => {
  const { model } = await start({ hang: true });
  const stop = new AbortController();
  let signs = 0;
  const onActivity = (): void => {
    signs++;
    stop.abort();
  };
  await model.generate(requestOf({ signal: stop.signal, onActivity })).catch(() => undefined);
  expect(signs).toBe(1);
}, 30_000);
