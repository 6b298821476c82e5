import { describe, expect, it } from 'vitest';
import { BlueprintError, InterruptedError } from '../../../src/domain/errors.ts';
import { ModelError } from '../../../src/domain/model-error.ts';
import { parseModelRef } from '../../../src/domain/model-role.ts';
import { createRedactor } from '../../../src/text/redact.ts';
import type { LanguageModel, ModelRequest } from '../../../src/models/language-model.ts';
import { recordRules, withRecording } from '../../../src/models/middleware/record.ts';
import { parseScript } from '../../../src/models/providers/scripted-format.ts';
import type { RecordedEntry } from '../../../src/models/recording/differences.ts';
import { recordingHeader } from '../../../src/models/recording/recorded-call.ts';
import { createReplay, type Replay } from '../../../src/models/recording/replay.ts';
import { fakeModel, rulesEntry } from '../../helpers/fake-model.ts';
import { now } from '../../state/fixtures.ts';
import { request } from '../requests.ts';

const redactor = createRedactor([]);

type Call = readonly [LanguageModel, ModelRequest];

/** Makes the calls with a recorder around, and plays what it wrote. */
async function recorded(...calls: readonly Call[]): Promise<Replay> {
  const lines = [JSON.stringify(recordingHeader)];
  const recording = {
    has: () => false,
    add: async (_hash: string, line: string) => void lines.push(line),
  };
  for (const [model, asked] of calls) {
    const call = withRecording(model, { recording, redactor, now }).generate(asked);
    await call.catch(() => undefined);
  }
  return replayOf(lines);
}

function replayOf(lines: readonly string[]): Replay {
  const entries = parseScript(lines.join('\n'), 'rec.jsonl').flatMap((entry): RecordedEntry[] =>
    entry.recorded === undefined ? [] : [{ ...entry, recorded: entry.recorded }],
  );
  return createReplay(entries, { path: 'rec.jsonl', redactor });
}

function modelOf(replay: Replay, name: string): LanguageModel {
  const ref = parseModelRef(name);
  const model = replay.providers.get(ref?.provider ?? '')?.model(ref?.model ?? '');
  if (model === undefined) throw new Error(`The replay has no ${name}`);
  return model;
}

const saying = (text: string): ModelRequest =>
  request({ parts: [{ role: 'user', name: 'task', text }] });

async function refusal(work: Promise<unknown>): Promise<BlueprintError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof BlueprintError)) throw new Error(`No refusal but ${String(error)}`);
  return error;
}

describe('createReplay', () => {
  it('answers by request, the same one in the order of the recording, and streams', async () => {
    const model = fakeModel({ execute: ['one\ntwo', 'other', 'three'] }, { warnings: ['odd'] });
    const replay = await recorded([model, saying('a')], [model, saying('b')], [model, saying('a')]);
    const again = modelOf(replay, 'fake/one');
    const pieces: string[] = [];
    const b = await again.generate(saying('b'));
    const first = await again.generate({ ...saying('a'), onText: (piece) => pieces.push(piece) });
    const second = await again.generate(saying('a'));
    expect([b.text, first.text, second.text]).toEqual(['other', 'one\ntwo', 'three']);
    expect(pieces).toEqual(['one\n', 'two']);
    expect(first).toMatchObject({
      finishReason: 'stop',
      rawFinishReason: 'stop',
      servedBy: 'one',
      warnings: ['odd'],
      identity: model.identity,
    });
  });

  it('keeps who answered: identity and family', async () => {
    const gpt = fakeModel({ execute: ['x'] }, { ref: 'router/gpt-9', family: 'gpt' });
    const replay = await recorded([gpt, saying('a')]);
    expect(modelOf(replay, 'router/gpt-9').identity).toEqual(gpt.identity);
    expect(replay.providers.get('router')?.unavailable()).toBeNull();
  });

  it('has rules stand in where they did, also by a recording of version 0.1.0', async () => {
    const lines = [JSON.stringify(recordingHeader)];
    const recording = {
      has: () => false,
      add: async (_hash: string, line: string) => void lines.push(line),
    };
    await recordRules(recording, 'architect', now());
    const rules = fakeModel({ spec: ['# A spec'] }, rulesEntry);
    const asked = request({ role: 'parser', purpose: { ...request().purpose, stage: 'spec' } });
    await withRecording(rules, { recording, redactor, now }).generate(asked);
    const before = lines.map((line) => line.replace('"family":"rules"', '$&,"rules":true'));
    const replay = replayOf(before);
    expect([...replay.providers]).toEqual([]);
    expect(replay.roles.architect.models).toEqual([{ provider: 'offline', model: 'planner' }]);
    expect(replay.roles.parser.models).toEqual([{ provider: 'offline', model: 'planner' }]);
  });

  it('gives a role the models that it was recorded with, in their order', async () => {
    const [a, b] = [
      fakeModel({ x: ['1', '2'] }, { ref: 'a/1' }),
      fakeModel({ x: ['3'] }, { ref: 'b/1' }),
    ];
    const as = (role: ModelRequest['role'], text: string): ModelRequest => ({
      ...saying(text),
      role,
      purpose: { ...request().purpose, stage: 'x' },
    });
    const { roles } = await recorded(
      [b, as('coder', 'p')],
      [a, as('coder', 'q')],
      [a, as('reviewer', 'r')],
    );
    const names = (role: ModelRequest['role']): string[] =>
      roles[role].models.map(({ provider }) => provider);
    expect(names('coder')).toEqual(['b', 'a']);
    expect(names('reviewer')).toEqual(['a']);
    expect(names('corrector')).toEqual(['b', 'a']);
    expect(names('critic')).toEqual(['a']);
    expect(names('architect')).toEqual(['b', 'a']);
    expect(roles.coder.large).toEqual(roles.coder.models);
  });

  it('fails as the recorded call failed', async () => {
    const error = new ModelError({
      kind: 'refused',
      model: 'fake/one',
      message: 'No.',
      fix: 'Ask otherwise.',
      status: 200,
      rawReply: 'I will not',
    });
    const replay = await recorded([fakeModel({ execute: [error] }), saying('a')]);
    const thrown = await refusal(modelOf(replay, 'fake/one').generate(saying('a')));
    expect(thrown).toBeInstanceOf(ModelError);
    expect(thrown).toMatchObject({
      kind: 'refused',
      model: 'fake/one',
      message: 'No.',
      fix: 'Ask otherwise.',
      status: 200,
      rawReply: 'I will not',
    });
  });

  it('says which request it has no reply to, and line by line what differs from the nearest', async () => {
    const model = fakeModel({ execute: ['x'], review: ['y'] });
    const review = request({ purpose: { ...request().purpose, stage: 'review' } });
    const replay = await recorded([model, review], [model, saying('one\ntwo\nthree')]);
    const asked = { ...saying('one\nTWO\nthree'), maxOutputTokens: 500, salt: 'attempt-2' };
    const error = await refusal(modelOf(replay, 'fake/one').generate(asked));
    expect(error).toMatchObject({ code: 'replay-unmatched', target: 'rec.jsonl:3', exitCode: 2 });
    expect(error.message).toBe(
      [
        'The recording has no reply to this request (stage «execute», task T1, attempt 1, round 1, role coder, fake/one):',
        '  the nearest is line 3, from which it differs in',
        '    - maxOutputTokens: recorded «1000», now «500»',
        '    - salt: recorded none, now «attempt-2»',
        '    - part 1 «task», line 2: recorded «two», now «TWO»',
      ].join('\n'),
    );
    expect(error.fix).toContain('fresh folder');
  });

  it('shows parts that came and went, and where a long line differs', async () => {
    const model = fakeModel({ execute: ['x'] });
    const long = 'word '.repeat(200);
    const replay = await recorded([model, saying(`${long}before`)]);
    const [part] = saying(`${long}after`).parts;
    if (part === undefined) throw new Error('no part');
    const error = await refusal(
      modelOf(replay, 'fake/one').generate({
        ...request(),
        parts: [part, { role: 'user', name: 'feedback', text: 'More.' }],
      }),
    );
    expect(error.message).toMatch(
      /part 1 «task», line 1: recorded «…word word word word before», now «…word word word word after»/,
    );
    expect(error.message).toContain('part 2 «feedback» is new: «More.»');
  });

  it('says when a request was asked more often than it was recorded', async () => {
    const replay = await recorded([fakeModel({ execute: ['x'] }), saying('a')]);
    const model = modelOf(replay, 'fake/one');
    await model.generate(saying('a'));
    const error = await refusal(model.generate(saying('a')));
    expect(error.message).toContain('it answers this request once, and was asked once more');
    expect(error.target).toBe('rec.jsonl:2');
  });

  it('finds a request whose secrets are hidden now, and shows none in what differs', async () => {
    const shaped = ['ghp', 'a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8'].join('_');
    const model = fakeModel({ execute: ['x'] });
    const replay = await recorded([model, saying(`token ${shaped}`)]);
    const played = modelOf(replay, 'fake/one');
    const error = await refusal(played.generate(saying(`the token ${shaped}`)));
    expect(error.message).toContain('now «the token [redacted]»');
    expect(error.message).not.toContain(shaped);
    expect((await played.generate(saying('token [redacted]'))).text).toBe('x');
  });

  it('tells which requests it still holds', async () => {
    const model = fakeModel({ execute: ['x'] });
    const replay = await recorded([model, saying('a')]);
    const { ref } = model.identity;
    expect(replay.holds(ref, saying('a'))).toBe(true);
    expect(replay.holds(ref, saying('b'))).toBe(false);
    await modelOf(replay, 'fake/one').generate(saying('a'));
    expect(replay.holds(ref, saying('a'))).toBe(false);
  });

  it('stops where it is interrupted', async () => {
    const replay = await recorded([fakeModel({ execute: ['one\ntwo\nthree'] }), saying('a')]);
    const stop = new AbortController();
    const pieces: string[] = [];
    const call = modelOf(replay, 'fake/one').generate({
      ...saying('a'),
      signal: stop.signal,
      onText(piece) {
        pieces.push(piece);
        stop.abort();
      },
    });
    await expect(call).rejects.toBeInstanceOf(InterruptedError);
    expect(pieces).toEqual(['one\n']);
  });
});
