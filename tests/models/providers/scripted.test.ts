import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ResolvedProvider } from '../../../src/config/resolved-config.ts';
import { BlueprintError, InterruptedError } from '../../../src/domain/errors.ts';
import type { CallPurpose } from '../../../src/domain/event.ts';
import { ModelError } from '../../../src/domain/model-error.ts';
import type { ModelRequest } from '../../../src/models/language-model.ts';
import { scriptedProvider } from '../../../src/models/providers/scripted.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blueprint-script-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const header = '{"script":1,"note":"hand-written for a test"}';

function config(script: string | undefined): ResolvedProvider {
  return {
    name: 'scripted',
    kind: 'scripted',
    baseUrl: undefined,
    apiKey: undefined,
    keyVariables: [],
    keyless: true,
    structured: 'json_schema',
    script,
  };
}

async function provider(...lines: readonly (string | object)[]) {
  const path = join(folder, 'script.jsonl');
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  await writeFile(path, [header, ...text].join('\n'));
  return scriptedProvider(config(path));
}

function request(purpose: Partial<CallPurpose>, more: Partial<ModelRequest> = {}): ModelRequest {
  return {
    role: 'coder',
    purpose: { stage: 'execute', feature: 'f', task: 'T1', attempt: 1, round: 1, ...purpose },
    parts: [{ role: 'user', name: 'task', text: 'Write the parser' }],
    maxOutputTokens: 1000,
    signal: new AbortController().signal,
    ...more,
  };
}

async function caught(promise: Promise<unknown>): Promise<BlueprintError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof BlueprintError)) throw new Error(`not refused: ${String(error)}`);
  return error;
}

describe('matching', () => {
  it('answers with the first entry that fits, each once unless it says otherwise', async () => {
    const model = (
      await provider(
        { when: { stage: 'execute' }, reply: { text: 'first' } },
        { when: { stage: 'execute' }, reply: { text: 'then' }, times: 2 },
        { when: { stage: 'execute' }, reply: { text: 'always' }, times: null },
      )
    ).model('author');
    const texts: string[] = [];
    for (let call = 0; call < 5; call += 1) texts.push((await model.generate(request({}))).text);
    expect(texts).toEqual(['first', 'then', 'then', 'always', 'always']);
  });

  it('goes by stage, task, round, attempt, role and content', async () => {
    const scripted = await provider(
      { when: { stage: 'review', task: 'T2', round: 1 }, reply: { text: 'T2 round 1' } },
      { when: { stage: 'review', task: 'T2', round: 2 }, reply: { text: 'T2 round 2' } },
      { when: { task: null }, reply: { text: 'no task' } },
      { when: { attempt: 2, role: 'corrector' }, reply: { text: 'second attempt' } },
      { when: { contains: ['Write', 'lexer'] }, reply: { text: 'lexer' } },
    );
    const ask = async (purpose: Partial<CallPurpose>, more?: Partial<ModelRequest>) =>
      (await scripted.model('any').generate(request(purpose, more))).text;
    expect(await ask({ stage: 'review', task: 'T2', round: 2 })).toBe('T2 round 2');
    expect(await ask({ stage: 'review', task: 'T2', round: 1 })).toBe('T2 round 1');
    expect(await ask({ task: null })).toBe('no task');
    expect(await ask({ attempt: 2 }, { role: 'corrector' })).toBe('second attempt');
    const parts = [
      { role: 'system', name: 'system', text: 'Write code' } as const,
      { role: 'user', name: 'task', text: 'the lexer' } as const,
    ];
    expect(await ask({}, { parts })).toBe('lexer');
  });

  it('shares its counts among the models of one provider, also for calls made at once', async () => {
    const scripted = await provider(
      { when: { stage: 'execute' }, reply: { text: 'a' } },
      { when: { stage: 'execute' }, reply: { text: 'b' } },
    );
    const results = await Promise.all([
      scripted.model('x').generate(request({})),
      scripted.model('y').generate(request({})),
    ]);
    expect(results.map((result) => result.text).sort()).toEqual(['a', 'b']);
  });

  it('shows the request and the nearest entry when nothing fits', async () => {
    const scripted = await provider(
      { when: { stage: 'spec', task: null }, reply: { text: 'spec' } },
      { when: { stage: 'review', task: 'T2', round: 1 }, reply: { text: 'x' } },
    );
    const error = await caught(
      scripted
        .model('author')
        .generate(request({ stage: 'review', task: 'T2', round: 2 }, { role: 'reviewer' })),
    );
    expect(error.code).toBe('script-unmatched');
    expect(error.exitCode).toBe(2);
    expect(error.target).toBe(`${join(folder, 'script.jsonl')}:3`);
    expect(error.message).toBe(
      'No entry of the script answers this request: stage «review», task T2, attempt 1, round 2, role reviewer; its last part «task» begins «Write the parser». The nearest entry is line 3, but its round is 1, not 2.',
    );
  });

  it('says that an entry is used up, and what text was missing', async () => {
    const scripted = await provider({
      when: { stage: 'execute', contains: ['parser'] },
      reply: { text: 'x' },
    });
    const model = scripted.model('author');
    await model.generate(request({}));
    expect((await caught(model.generate(request({})))).message).toContain(
      'but it has already answered once.',
    );
    const parts = [{ role: 'user', name: 'task', text: 'other' } as const];
    expect((await caught(model.generate(request({}, { parts })))).message).toContain(
      'no part contains «parser»',
    );
    const empty = await caught((await provider()).model('author').generate(request({})));
    expect(empty.message).toContain('The script has no entries');
  });
});

describe('replies', () => {
  it('come as text, lines, JSON or a file beside the script', async () => {
    await writeFile(join(folder, 'reply.md'), 'from a file\n');
    const scripted = await provider(
      { when: { task: 'T1' }, reply: { text: 'text' } },
      { when: { task: 'T2' }, reply: { lines: ['one', '', 'two'] } },
      { when: { task: 'T3' }, reply: { json: { questions: [] } } },
      { when: { task: 'T4' }, reply: { file: 'reply.md' } },
    );
    const ask = async (task: string) =>
      (await scripted.model('author').generate(request({ task }))).text;
    expect(await ask('T1')).toBe('text');
    expect(await ask('T2')).toBe('one\n\ntwo');
    expect(JSON.parse(await ask('T3'))).toEqual({ questions: [] });
    expect(await ask('T4')).toBe('from a file\n');
  });

  it('stream in pieces that make up the text, and never cut a character', async () => {
    const text = 'Grüße 👩‍🚀👍 an alle';
    const scripted = await provider({
      when: { task: 'T1' },
      reply: { text },
      chunk: 2,
      delayMs: 1,
    });
    const pieces: string[] = [];
    let signs = 0;
    const result = await scripted
      .model('author')
      .generate(
        request({}, { onText: (piece) => pieces.push(piece), onActivity: () => (signs += 1) }),
      );
    expect(result.text).toBe(text);
    expect(pieces.join('')).toBe(text);
    expect(pieces.every((piece) => !/\p{Cs}/u.test(piece) && Array.from(piece).length <= 2)).toBe(
      true,
    );
    expect(signs).toBe(pieces.length);
  });

  it('carry identity, usage and finish reason', async () => {
    const scripted = await provider({
      when: { task: 'T1' },
      reply: { text: 'x' },
      usage: { input: 10, output: 2 },
      finishReason: 'other',
    });
    const model = scripted.model('author-large');
    const result = await model.generate(request({}));
    expect(model.identity).toEqual({
      ref: { provider: 'scripted', model: 'author-large' },
      family: 'author',
    });
    expect(scripted.model('reviewer').identity.family).toBe('reviewer');
    expect(result).toMatchObject({
      finishReason: 'other',
      servedBy: 'scripted/author-large',
      usage: { input: 10, cachedInput: 0, cacheWrite: 0, output: 2, reasoning: 0 },
    });
  });

  it('become the errors of a real adapter', async () => {
    const scripted = await provider(
      { when: { task: 'T1' }, error: { kind: 'rate_limit', message: 'slow down' } },
      { when: { task: 'T2' }, reply: { text: 'half a' }, finishReason: 'length' },
      { when: { task: 'T3' }, reply: { text: 'no' }, finishReason: 'refusal' },
    );
    const ask = (task: string) => caught(scripted.model('author').generate(request({ task })));
    const limited = await ask('T1');
    expect(limited).toBeInstanceOf(ModelError);
    expect(limited).toMatchObject({ kind: 'rate_limit', message: 'slow down', retryHelps: true });
    expect(await ask('T2')).toMatchObject({ kind: 'truncated', rawReply: 'half a' });
    expect(await ask('T3')).toMatchObject({ kind: 'refused', rawReply: 'no' });
  });

  it('stop at once when the request is aborted, before and during a delay', async () => {
    const scripted = await provider({
      when: { stage: 'execute' },
      reply: { text: 'never' },
      delayMs: 600_000,
      times: null,
    });
    const model = scripted.model('author');
    const stop = new AbortController();
    const running = model.generate(request({}, { signal: stop.signal }));
    setTimeout(() => stop.abort(), 20);
    expect(await caught(running)).toBeInstanceOf(InterruptedError);
    expect(
      await caught(model.generate(request({}, { signal: AbortSignal.abort() }))),
    ).toBeInstanceOf(InterruptedError);
  });
});

describe('a script that is not right', () => {
  const faulty = async (...lines: readonly (string | object)[]) =>
    caught((await provider(...lines)).model('author').generate(request({})));

  it('is reported with file and line of every fault at once', async () => {
    const error = await faulty(
      { when: { stage: 'spec' }, reply: { text: 'fine' } },
      '{"when":',
      '',
      { when: { stage: 'spec', colour: 'red' }, reply: { text: 'x' } },
    );
    expect(error.code).toBe('script-invalid');
    expect(error.target).toBe(`${join(folder, 'script.jsonl')}:3`);
    expect(error.message).toContain('Not JSON');
    expect(error.others.map((other) => other.target)).toEqual([
      `${join(folder, 'script.jsonl')}:5`,
    ]);
    expect(error.others[0]?.message).toContain('colour');
  });

  it.each([
    [{ when: {}, reply: { text: 'x' } }, 'when: must have at least one field'],
    [{ when: { stage: 'spec' } }, 'must have either a reply or an error'],
    [
      { when: { stage: 'spec' }, reply: { text: 'x' }, error: { kind: 'auth', message: 'x' } },
      'must have either a reply or an error',
    ],
    [{ when: { stage: 'spec' }, reply: { text: 'x', lines: [] } }, 'must have one of text, json'],
    [{ when: { stage: 'spec' }, reply: { file: '../secret' } }, 'reply'],
    [{ when: { stage: 'spec' }, reply: { text: 'x' }, times: 0 }, 'times'],
    [{ when: { role: 'poet' }, reply: { text: 'x' } }, 'when.role'],
    [{ when: { stage: 'spec' }, error: { kind: 'bored', message: 'x' } }, 'error.kind'],
    [{ when: { stage: 'spec' }, reply: { text: 'x' }, speed: 3 }, 'speed'],
  ])('refuses %j', async (entry, fault) => {
    expect((await faulty(entry)).message).toContain(fault);
  });

  it('may hold its first line twice, as two commands may have begun a recording', async () => {
    const twice = await provider(header, { when: { stage: 'spec' }, reply: { text: 'x' } });
    expect((await twice.model('m').generate(request({ stage: 'spec' }))).text).toBe('x');
  });

  it('needs its header', async () => {
    const path = join(folder, 'bare.jsonl');
    await writeFile(path, '{"when":{"stage":"spec"},"reply":{"text":"x"}}\n');
    const error = await caught(scriptedProvider(config(path)).model('a').generate(request({})));
    expect(error.target).toBe(`${path}:1`);
    await writeFile(path, '\n');
    const empty = await caught(scriptedProvider(config(path)).model('a').generate(request({})));
    expect(empty.message).toBe('The script is empty');
  });

  it('is unavailable without a file, and says which file cannot be read', async () => {
    expect(scriptedProvider(config(undefined)).unavailable()?.reason).toContain(
      'providers.scripted.script',
    );
    const none = scriptedProvider(config(undefined)).model('a').generate(request({}));
    expect(await caught(none)).toMatchObject({ kind: 'unavailable' });

    const path = join(folder, 'missing.jsonl');
    expect(scriptedProvider(config(path)).unavailable()).toBeNull();
    const missing = await caught(scriptedProvider(config(path)).model('a').generate(request({})));
    expect(missing).toMatchObject({ code: 'script-unreadable', target: path });

    const reply = await faulty({ when: { stage: 'execute' }, reply: { file: 'gone.txt' } });
    expect(reply).toMatchObject({
      code: 'script-unreadable',
      target: `${join(folder, 'script.jsonl')}:2`,
    });
  });
});

it('reads the script once, and not before it is needed', async () => {
  const path = join(folder, 'later.jsonl');
  const scripted = scriptedProvider(config(path));
  expect(scripted.unavailable()).toBeNull();
  const entry = '{"when":{"stage":"execute"},"reply":{"text":"x"},"times":null}';
  await writeFile(path, `${header}\n${entry}`);
  await scripted.model('a').generate(request({}));
  await rm(path);
  expect((await scripted.model('b').generate(request({}))).text).toBe('x');
});
