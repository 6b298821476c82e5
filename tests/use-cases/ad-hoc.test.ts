import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { adHocId, withAdHoc, type AdHoc, type AdHocParts } from '../../src/use-cases/ad-hoc.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { RunEvent } from '../../src/domain/event.ts';
import { createRedactor } from '../../src/text/redact.ts';
import { now, task, temporaryFolder } from '../state/fixtures.ts';

async function project(): Promise<AdHocParts & { root: string }> {
  const root = await temporaryFolder();
  await writeFile(join(root, 'blueprint.config.json'), '{}');
  const script = join(root, 'script.jsonl');
  const lines = [{ script: 1 }, { when: { stage: 'greet' }, reply: { text: 'hello' } }];
  await writeFile(script, lines.map((line) => JSON.stringify(line)).join('\n'));
  const place = { cwd: root, env: {}, flags: { script } };
  return {
    root,
    config: await loadConfig({ ...place, home: root }),
    redactor: createRedactor([]),
    options: { ...place, now, signal: new AbortController().signal, warn: () => undefined },
  };
}

const request = { kind: 'tournaments', name: 'a-thing', inputs: { spec: 'x' } } as const;

async function greet(session: AdHoc): Promise<string> {
  const { text } = await session.router.model(session.router.decide('coder')).generate({
    role: 'coder',
    purpose: { stage: 'greet', feature: session.id, task: null, attempt: 1, round: 1 },
    parts: [{ role: 'user', name: 'task', text: 'Say hello.' }],
    maxOutputTokens: 100,
    signal: new AbortController().signal,
  });
  return text;
}

it('names the folder by all inputs', () => {
  const id = adHocId(request);
  expect(id).toMatch(/^a-thing-[0-9a-f]{12}$/);
  expect(adHocId({ ...request })).toBe(id);
  expect(adHocId({ ...request, inputs: { spec: 'y' } })).not.toBe(id);
  const long = adHocId({ name: `${'a'.repeat(39)}-${'b'.repeat(30)}`, inputs: null });
  expect(long).toMatch(/^a{39}-[0-9a-f]{12}$/);
});

it('keeps calls and events in a folder of its own, and pays once', async () => {
  const parts = await project();
  const events: RunEvent[] = [];
  const listen = (event: RunEvent): void => void events.push(event);
  expect(await withAdHoc(parts, request, listen, greet)).toBe('hello');
  // The script has one reply: a second call would fail.
  expect(await withAdHoc(parts, request, listen, greet)).toBe('hello');
  const folder = join(parts.root, 'tournaments', adHocId(request));
  expect(await readdir(join(folder, 'calls'))).toHaveLength(1);
  const journal = (await readFile(join(folder, 'journal.jsonl'), 'utf8')).trim().split('\n');
  expect(journal.map((line) => JSON.parse(line) as RunEvent)).toEqual(
    events.filter(({ type }) => type !== 'call-delta'),
  );
  const stored = events.flatMap((event) => (event.type === 'call-finish' ? [event.stored] : []));
  expect(stored).toEqual([false, true]);
  expect(await readdir(parts.root)).not.toContain('features');
});

it('sees the project’s files, and lets no work write into its own folders', async () => {
  const parts = await project();
  await writeFile(join(parts.root, 'a.txt'), 'text');
  await withAdHoc(parts, request, undefined, async (session) => {
    const base = session.base();
    expect(await base.read('a.txt')).toBe('text');
    const bundle = { files: [], edits: [], deletions: [], tests: [], commands: [], notes: '' };
    const path = `tournaments/${session.id}/journal.jsonl`;
    const results = await session.checkGates(
      {
        task: task('T1'),
        candidate: {
          bundle: { ...bundle, files: [{ path, content: 'x' }] },
          changes: new Map([[path, 'x']]),
          author: { ref: { provider: 'a', model: 'b' }, family: 'c' },
        },
        base,
        keep: () => Promise.resolve(),
      },
      new AbortController().signal,
    );
    expect(results[0]).toMatchObject({ gate: 'paths', status: 'failed' });
    expect(session.blockingGates.has('paths')).toBe(true);
  });
});

it('lets one process at a time work on it', async () => {
  const parts = await project();
  await withAdHoc(parts, request, undefined, async () => {
    await expect(withAdHoc(parts, request, undefined, greet)).rejects.toMatchObject({
      code: 'work-held',
    });
    const other = { ...request, inputs: 'other' };
    expect(await withAdHoc(parts, other, undefined, greet)).toBe('hello');
  });
});
