import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ModelErrorKind } from '../../../../src/domain/model-error.ts';
import type { LanguageModel } from '../../../../src/models/language-model.ts';
import { fakeClis, type FakeCli, type Scenario } from '../../../helpers/fake-cli/install.ts';
import { failureOf, interruptionOf, requestOf } from '../vendors.ts';
import { cliConfig, programs, secrets } from './programs.ts';

const install = fakeClis();
const hello = { pieces: ['Hel', 'lo'] };
const schema = {
  name: 'plan',
  json: { type: 'object', properties: { fine: { type: 'boolean' } }, required: ['fine'] },
};

/** Gone, or a zombie that nobody has to wait for. */
async function gone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

interface FaultCase {
  readonly title: string;
  readonly scenario: Scenario;
  readonly kind: ModelErrorKind;
  readonly message?: RegExp;
  readonly fix?: RegExp;
  readonly rawReply?: RegExp;
}

/** Failures that look alike whichever program it is. */
const faults: readonly FaultCase[] = [
  {
    title: 'a reply with exit code 1',
    scenario: { reply: hello, exitCode: 1, stderr: 'something broke\n' },
    kind: 'unavailable',
    message: /exit code 1.*something broke/,
    rawReply: /^Hello$/,
  },
  {
    title: 'an error with exit code 0',
    scenario: { fault: { message: 'Rate limit exceeded' }, exitCode: 0 },
    kind: 'rate_limit',
    message: /Rate limit exceeded/,
  },
  {
    title: 'a rate limit',
    scenario: { fault: { message: 'API Error: 429 Too Many Requests' } },
    kind: 'rate_limit',
  },
  {
    title: 'a used-up plan',
    scenario: { fault: { message: "You've hit your usage limit. Try again at 3 PM." } },
    kind: 'quota_exhausted',
    fix: /limit of the account/,
  },
  {
    title: 'a limit of the minute',
    scenario: {
      fault: { message: 'Rate limit reached for m on tokens per min (TPM): Limit 30000.' },
    },
    kind: 'rate_limit',
  },
  {
    title: 'a flagged prompt',
    scenario: {
      fault: { message: 'Your prompt was flagged as potentially violating our usage policies.' },
    },
    kind: 'refused',
    fix: /other words/,
  },
  {
    title: 'a reply that a filter stopped',
    scenario: { fault: { message: 'Incomplete response returned, reason: content_filter' } },
    kind: 'refused',
  },
  {
    title: 'a reply that reached its length',
    scenario: { fault: { message: 'Incomplete response returned, reason: max_output_tokens' } },
    kind: 'truncated',
  },
  {
    title: 'a cause far above the last lines',
    scenario: {
      exitCode: 1,
      stderr: `GaxiosError: 429 Too Many Requests\n${'    at x (y.js:1)\n'.repeat(900)}`,
    },
    kind: 'rate_limit',
    message: /GaxiosError: 429/,
  },
  {
    title: 'an overloaded service',
    scenario: { fault: { message: 'API Error: 529 Overloaded' } },
    kind: 'overloaded',
  },
  {
    title: 'a status in words alone',
    scenario: { fault: { message: 'request failed with status 503' } },
    kind: 'overloaded',
  },
  {
    title: 'too long a prompt',
    scenario: { fault: { message: 'Prompt is too long' } },
    kind: 'context_too_long',
  },
  {
    title: 'an unknown model',
    scenario: { fault: { message: "The model 'nope' does not exist" } },
    kind: 'unavailable',
    fix: /model's id/,
  },
  {
    title: 'no network',
    scenario: { fault: { message: 'connect ECONNREFUSED 127.0.0.1:443' } },
    kind: 'network',
  },
  {
    title: 'words that say nothing',
    scenario: { fault: { message: 'Something else' } },
    kind: 'unavailable',
    message: /Something else/,
  },
  { title: 'nothing printed', scenario: {}, kind: 'malformed', message: /printed nothing/ },
  {
    title: 'garbage',
    scenario: { says: '\u0000\u00ff\u00fe what is this\n' },
    kind: 'malformed',
    rawReply: /what is this/,
  },
  {
    title: 'JSON cut short',
    scenario: { says: '{"type":"result","result":"Hel' },
    kind: 'malformed',
    rawReply: /"Hel$/,
  },
  {
    title: 'an end before the last event',
    scenario: { reply: { ...hello, unfinished: true } },
    kind: 'malformed',
    rawReply: /^Hello$/,
  },
  {
    title: 'an empty reply',
    scenario: { reply: { pieces: ['\n'] } },
    kind: 'malformed',
    message: /empty/,
  },
  {
    title: 'a crash without a word',
    scenario: { exitCode: 3 },
    kind: 'unavailable',
    message: /exit code 3.*without a word/,
  },
  {
    title: 'a stack on stderr',
    scenario: { exitCode: 1, stderr: 'TypeError: x\n    at y (z.js:1)\n' },
    kind: 'unavailable',
    message: /TypeError: x/,
  },
  {
    title: 'the end by a signal',
    scenario: { signal: 'SIGKILL' },
    kind: 'overloaded',
    message: /SIGKILL/,
  },
  { title: 'output without end', scenario: { flood: true }, kind: 'malformed', message: /stopped/ },
];

const lateMessage = 'The session could not be kept';
const lateError = {
  'claude-cli': `${JSON.stringify({ type: 'result', subtype: 'error_during_execution', is_error: true, errors: [lateMessage] })}\n`,
  'codex-cli': `${JSON.stringify({ type: 'error', message: lateMessage })}\n`,
  'gemini-cli': `${JSON.stringify({ type: 'error', severity: 'error', message: lateMessage })}\n`,
};

describe.each(programs)('$kind', (program) => {
  const start = async (
    scenario: Scenario,
    id = program.model,
  ): Promise<{ fake: FakeCli; model: LanguageModel }> => {
    const fake = await install(program.command, scenario);
    return { fake, model: program.provider(cliConfig(program, fake.folder)).model(id) };
  };

  test('answers, with usage and the model that answered', async () => {
    const { fake, model } = await start({ reply: hello });
    const deltas: string[] = [];
    let signs = 0;
    const result = await model.generate(
      requestOf({ onText: (delta) => deltas.push(delta), onActivity: () => signs++ }),
    );
    expect(deltas.join('')).toBe('Hello');
    expect(signs).toBeGreaterThan(0);
    expect(result).toMatchObject({
      text: 'Hello',
      finishReason: 'stop',
      usage: { input: 60, cachedInput: 30, output: 7 },
      identity: {
        ref: { provider: program.kind, model: program.model },
        family: program.family,
      },
      warnings: [],
    });
    expect(result.servedBy).toContain(program.model);
    expect(await fake.starts()).toHaveLength(1);
  });

  test('is given the prompt on stdin, and words of it nowhere else', async () => {
    const { fake, model } = await start({ reply: hello });
    await model.generate(
      requestOf({
        parts: [
          { role: 'system', name: 'rules', text: 'The word is kestrel.' },
          { role: 'user', name: 'task', text: 'Say osprey.' },
          { role: 'assistant', name: 'reply', text: 'buzzard' },
          { role: 'user', name: 'faults', text: 'No: «osprey» — ünï.' },
        ],
      }),
    );
    const [started] = await fake.starts();
    const seen = `${started?.system ?? ''}\n${started?.input ?? ''}`;
    const places = ['kestrel', 'Say osprey', 'buzzard', 'No: «osprey» — ünï.'].map((word) =>
      seen.indexOf(word),
    );
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(JSON.stringify([started?.args, started?.env])).not.toMatch(/kestrel|osprey|buzzard/);
  });

  test('works in an empty folder of its own that is gone afterwards', async () => {
    const { fake, model } = await start({ reply: hello });
    await model.generate(requestOf());
    const [started] = await fake.starts();
    expect(started?.files).toEqual([]);
    expect(started?.cwd).not.toBe(process.cwd());
    expect(existsSync(started?.cwd ?? '/')).toBe(false);
  });

  test('gets its own key and no other secret', async () => {
    const { fake, model } = await start({ reply: hello });
    await model.generate(requestOf());
    const [started] = await fake.starts();
    const kept = Object.keys(started?.env ?? {}).filter((name) => name in secrets);
    expect(kept).toEqual([program.key]);
    expect(started?.env).toMatchObject({ HOME: '/home/somebody', PATH: fake.folder });
  });

  test('is told the model, unless it is «default»', async () => {
    const named = await start({ reply: hello });
    await named.model.generate(requestOf());
    const [withModel] = await named.fake.starts();
    const { args = [] } = withModel ?? {};
    expect(args[args.indexOf('--model') + 1]).toBe(program.model);

    const open = await start({ reply: hello }, 'default');
    await open.model.generate(requestOf());
    const [without] = await open.fake.starts();
    expect(without?.args).not.toContain('--model');
  });

  test('is held to a schema', async () => {
    const { fake, model } = await start({ reply: { pieces: ['{"fine":', 'true}'] } });
    const deltas: string[] = [];
    const result = await model.generate(
      requestOf({ schema, onText: (delta) => deltas.push(delta) }),
    );
    expect(JSON.parse(result.text)).toEqual({ fine: true });
    expect(deltas.join('')).toBe(result.text);
    const [started] = await fake.starts();
    const { args = [] } = started ?? {};
    const told = [args[args.indexOf('--json-schema') + 1], started?.schema, started?.input];
    expect(told.join('\n')).toContain(JSON.stringify(schema.json));
  });

  test('takes a prompt of 1 MB', async () => {
    const { fake, model } = await start({ reply: hello });
    const text = 'ä'.repeat(500_000);
    await model.generate(requestOf({ parts: [{ role: 'user', name: 'task', text }] }));
    const [started] = await fake.starts();
    expect(started?.input).toBe(text);
  });

  test('a prompt never looks like a command of its own', async () => {
    const { fake, model } = await start({ reply: hello });
    const parts = [{ role: 'user' as const, name: 'task', text: '/clear all' }];
    await model.generate(requestOf({ parts }));
    const [started] = await fake.starts();
    expect(started?.input).toMatch(/^The request:\n\n\/clear all/);
  });

  test.each(faults)('$title → $kind', async ({ scenario, kind, message, fix, rawReply }) => {
    const { model } = await start(scenario);
    const failure = await failureOf(model.generate(requestOf()));
    expect(failure.message).toContain(`${program.kind}/${program.model} `);
    expect(failure.kind, failure.message).toBe(kind);
    expect(failure.message).toMatch(message ?? /./);
    expect(failure.fix).toMatch(fix ?? /./);
    if (rawReply !== undefined) expect(failure.rawReply).toMatch(rawReply);
  });

  test('an option that an old version does not know → update', async () => {
    const { model } = await start({ reply: hello, unknown: ['--model'] });
    const failure = await failureOf(model.generate(requestOf()));
    expect(failure.kind).toBe('unavailable');
    expect(failure.message).toMatch(/model/);
    expect(failure.fix).toMatch(new RegExp(`Update ${program.command}.*npm install -g`));
  });

  test('no secret is shown in an error, by value or by shape', async () => {
    // As their issuers make them, with digits: letters alone may be words.
    const others = 'sk-ant-api03-zyxwvuts9rqponmlkjihg Bearer abcdefghijklm7nopqrstuvwxyz';
    const encoded = Buffer.from(secrets[program.key as keyof typeof secrets]).toString('hex');
    const own = secrets[program.key as keyof typeof secrets];
    const { model } = await start({
      exitCode: 1,
      stderr: `bad key ${own} ${others} ${encoded}\n`,
      says: own,
    });
    const failure = await failureOf(model.generate(requestOf()));
    const all = `${failure.message} ${failure.rawReply ?? ''} ${failure.stack ?? ''}`;
    expect(all).toContain('[redacted]');
    expect(all).not.toMatch(/0123456789|zyxwvuts|abcdefghijklm/);
    expect(all).not.toContain(encoded);
  });

  test('colours around the JSON do not hide it', async () => {
    const { model } = await start({ coloured: true, reply: hello });
    expect((await model.generate(requestOf())).text).toBe('Hello');
  });

  test('an error after the whole reply does not spoil it, and is told', async () => {
    const { model } = await start({ reply: hello, adds: lateError[program.kind] });
    const result = await model.generate(requestOf());
    expect(result.text).toBe('Hello');
    expect(result.warnings.join()).toMatch(/After its reply.*session could not be kept/);
  });

  test('an error after the whole reply is the reason of a bad end', async () => {
    const { model } = await start({ reply: hello, adds: lateError[program.kind], exitCode: 1 });
    const failure = await failureOf(model.generate(requestOf()));
    expect(failure.message).toMatch(/session could not be kept/);
    expect(failure.rawReply).toBe('Hello');
  });

  test('bytes that are no UTF-8 do not break a reply', async () => {
    const { model } = await start({ says: 'a notice: \u00ff\u00c3\u0028\n', reply: hello });
    expect((await model.generate(requestOf())).text).toBe('Hello');
  });

  test('a program that stops reading early may still answer', async () => {
    const { model } = await start({ closesInput: true, reply: hello });
    const parts = [{ role: 'user' as const, name: 'task', text: 'x'.repeat(1_000_000) }];
    const result = await model.generate(requestOf({ parts }));
    expect(result.text).toBe('Hello');
    expect(result.warnings.join()).toMatch(/stopped reading/);
  });

  test('a program that stops reading early and fails → its own error', async () => {
    const fault = { message: 'Not logged in · Please run /login' };
    const { model } = await start({ closesInput: true, fault });
    const parts = [{ role: 'user' as const, name: 'task', text: 'x'.repeat(1_000_000) }];
    const failure = await failureOf(model.generate(requestOf({ parts })));
    expect(failure.kind).toBe('auth');
    expect(failure.fix).toMatch(new RegExp(program.command));
  });

  // These wait for what ends by itself or is ended after a while: each for its own program.
  test.concurrent.each([
    { title: 'that heeds SIGTERM', scenario: { hang: true, grandchild: 'inside' } },
    {
      title: 'that ignores SIGTERM',
      scenario: { hang: true, ignoreTerm: true, grandchild: 'inside' },
    },
    { title: 'whose child left the group', scenario: { hang: true, grandchild: 'detached' } },
    { title: 'whose child left all marks', scenario: { hang: true, grandchild: 'bare' } },
  ] as const)('an abort ends a program $title, and what it started', async ({ scenario }) => {
    const { fake, model } = await start({ ...scenario, says: '{"a":1}\n' });
    const stop = new AbortController();
    // The first output comes when the grandchild is there.
    const onActivity = (): void => stop.abort();
    await interruptionOf(model.generate(requestOf({ signal: stop.signal, onActivity })));
    const [started] = await fake.starts();
    expect(await gone(started?.pid ?? 0)).toBe(true);
    const grandchild = await fake.grandchild();
    expect(grandchild).not.toBeNull();
    expect(await gone(grandchild ?? 0)).toBe(true);
    expect(existsSync(started?.cwd ?? '/')).toBe(false);
  });

  test.concurrent.each(['inside', 'detached', 'bare'] as const)(
    'what a program leaves running (%s) neither holds the call nor lives on',
    async (grandchild) => {
      const { fake, model } = await start({ reply: hello, grandchild });
      expect((await model.generate(requestOf())).text).toBe('Hello');
      expect(await gone((await fake.grandchild()) ?? 0)).toBe(true);
    },
  );

  test('an aborted request starts nothing', async () => {
    const { fake, model } = await start({ reply: hello });
    await interruptionOf(model.generate(requestOf({ signal: AbortSignal.abort() })));
    expect(await fake.starts()).toEqual([]);
  });

  test('what the caller throws is not taken for a fault of the program', async () => {
    const { model } = await start({ reply: hello });
    const onText = (): void => {
      throw new RangeError('the screen is full');
    };
    await expect(model.generate(requestOf({ onText }))).rejects.toThrow(RangeError);
  });

  test('says when it is not installed, or cannot be run', async () => {
    const here = await install(program.command, {});
    const plain = await install(program.command, {}, 0o644);
    const of = (path: string) => program.provider(cliConfig(program, path));
    expect(of(here.folder).unavailable()).toBeNull();
    expect(await here.starts()).toEqual([]);
    expect(of('/nowhere:relative/bin').unavailable()).toEqual({
      reason: expect.stringMatching(`^${program.command} is not on PATH; .*npm install -g`),
      variables: [],
    });
    expect(of(plain.folder).unavailable()?.reason).toMatch(/is not executable/);
    const failure = await failureOf(of('/nowhere').model('default').generate(requestOf()));
    expect(failure.kind).toBe('unavailable');
    expect(failure.fix).toMatch(/npm install -g/);
  });
});
