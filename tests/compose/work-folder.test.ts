import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createProgram } from '../../src/compose/program.ts';
import { adHocName } from '../../src/compose/work-folder.ts';
import { manifestSchema } from '../../src/state/work-folder.ts';
import { isPassing, type RunEvent } from '../../src/domain/event.ts';
import type { AdHocFolder, Program, Session } from '../../src/use-cases/program.ts';
import { now, task, temporaryFolder } from '../state/fixtures.ts';

const { signal } = new AbortController();

async function project(): Promise<{ root: string; program: Program; request: AdHocFolder }> {
  const root = await temporaryFolder();
  await writeFile(join(root, 'blueprint.config.json'), '{}');
  const script = join(root, 'script.jsonl');
  const lines = [{ script: 1 }, { when: { stage: 'greet' }, reply: { text: 'hello' } }];
  await writeFile(script, lines.map((line) => JSON.stringify(line)).join('\n'));
  const warn = (): void => undefined;
  const program = await createProgram({ cwd: root, env: {}, flags: { script }, now, warn });
  const { config } = program;
  return { root, program, request: { kind: 'tournaments', ...named, config } };
}

const named = { name: 'a-thing', inputs: { spec: 'x' } };

async function greet(session: Session): Promise<string> {
  const router = await session.router();
  const { text } = await router.model(router.decide('coder')).generate({
    role: 'coder',
    purpose: { stage: 'greet', feature: session.name, task: null, attempt: 1, round: 1 },
    parts: [{ role: 'user', name: 'task', text: 'Say hello.' }],
    maxOutputTokens: 100,
    signal,
  });
  return text;
}

it('names the folder by all inputs', () => {
  const name = adHocName(named);
  expect(name).toMatch(/^a-thing-[0-9a-f]{12}$/);
  expect(adHocName({ ...named })).toBe(name);
  expect(adHocName({ ...named, inputs: { spec: 'y' } })).not.toBe(name);
  const long = adHocName({ name: `${'a'.repeat(39)}-${'b'.repeat(30)}`, inputs: null });
  expect(long).toMatch(/^a{39}-[0-9a-f]{12}$/);
});

it('keeps calls and events in a folder of its own, and pays once', async () => {
  const { root, program, request } = await project();
  const events: RunEvent[] = [];
  const listen = (event: RunEvent): void => void events.push(event);
  expect(await program.inFolder(request, { listen, signal }, greet)).toBe('hello');
  // The script has one reply: a second call would fail.
  expect(await program.inFolder(request, { listen, signal }, greet)).toBe('hello');
  const folder = join(root, '.blueprint/tournaments', adHocName(request));
  expect((await readdir(join(folder, 'calls'))).filter((path) => path !== 'parts')).toHaveLength(1);
  const manifest = manifestSchema.parse(
    JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')),
  );
  expect(manifest).toMatchObject({ kind: 'tournaments', created: now().toISOString() });
  const journal = (await readFile(join(folder, 'journal.jsonl'), 'utf8')).trim().split('\n');
  const kept = events.filter((event) => !isPassing(event));
  expect(journal.map((line) => JSON.parse(line) as RunEvent)).toEqual(kept);
  const stored = events.flatMap((event) => (event.type === 'call-finish' ? [event.stored] : []));
  expect(stored).toEqual([false, true]);
  expect(await readdir(root)).not.toContain('features');
});

it('sees the project’s files, and lets no work write into its own folders', async () => {
  const { root, program, request } = await project();
  await writeFile(join(root, 'a.txt'), 'text');
  await program.inFolder(request, { signal }, async (session) => {
    const base = (await session.workspace()).project();
    const { checkGates, blockingGates } = await session.gates();
    expect(await base.read('a.txt')).toBe('text');
    const bundle = { files: [], edits: [], deletions: [], tests: [], commands: [], notes: '' };
    const path = `tournaments/${session.name}/journal.jsonl`;
    const results = await checkGates(
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
      signal,
    );
    expect(results[0]).toMatchObject({ gate: 'paths', status: 'failed' });
    expect(blockingGates.has('paths')).toBe(true);
  });
});

it('lets one process at a time work on it', async () => {
  const { program, request } = await project();
  await program.inFolder(request, { signal }, async () => {
    await expect(program.inFolder(request, { signal }, greet)).rejects.toMatchObject({
      code: 'work-held',
    });
    const other = { ...request, inputs: 'other' };
    expect(await program.inFolder(other, { signal }, greet)).toBe('hello');
  });
});

it('writes no outcome once another process has taken the work over', async () => {
  const { root, program, request } = await project();
  const name = adHocName(request);
  const folder = join(root, '.blueprint/tournaments', name);
  const lease = join(folder, 'leases/work.json');
  const out = join(root, 'out');
  await program.inFolder(request, { signal }, async (session) => {
    const outFolder = await session.outFolder(out);
    await session.artefacts.write(name, 'before.txt', 'x');
    const ours = await readFile(lease, 'utf8');
    const { token } = JSON.parse(ours) as { token: string };
    await writeFile(lease, ours.replace(token, 'f'.repeat(32)));
    const refused = { code: 'lease-lost', fix: expect.stringContaining('same command') };
    await expect(session.artefacts.write(name, 'result.json', 'x')).rejects.toMatchObject(refused);
    await expect(outFolder.write(new Map([['a.txt', Buffer.from('x')]]))).rejects.toMatchObject(
      refused,
    );
  });
  expect(await readdir(folder)).toContain('before.txt');
  expect(await readdir(folder)).not.toContain('result.json');
  expect(await readdir(root)).not.toContain('out');
});

it('refuses a feature that is not there, and leaves nothing behind', async () => {
  const { root, program } = await project();
  const work = () => program.inFolder({ feature: 'nothing' }, { signal }, greet);
  await expect(work()).rejects.toMatchObject({ code: 'feature-not-found' });
  expect(await readdir(root)).not.toContain('features');
});

it('goes on in the folder at the root where version 0.1.0 began the same work', async () => {
  const { root, program, request } = await project();
  expect(await program.inFolder(request, { signal }, greet)).toBe('hello');
  const name = adHocName(request);
  await mkdir(join(root, 'tournaments'));
  await rename(join(root, '.blueprint/tournaments', name), join(root, 'tournaments', name));
  await rm(join(root, 'tournaments', name, 'manifest.json'));
  expect(await program.inFolder(request, { signal }, greet)).toBe('hello');
  expect(await readdir(join(root, '.blueprint/tournaments'))).toEqual([]);
  expect(await readdir(join(root, 'tournaments', name))).not.toContain('manifest.json');
});
