import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deliveredFiles, type Deliverable } from '../../src/domain/deliverable.ts';
import { openAttempt, type AttemptOutcome } from '../../src/executor/attempt.ts';
import { temporaryFolder } from '../state/fixtures.ts';
import { adaptersOver, slug } from './project.ts';

const old = join(import.meta.dirname, '../fixtures/version-0.1.0/attempts');

async function attemptWith(outcome?: string) {
  const { artefacts } = adaptersOver(await temporaryFolder());
  if (outcome !== undefined) await artefacts.write(slug, 'partial/T1/1/outcome.json', outcome);
  return openAttempt(artefacts, slug, 'T1', 1);
}

describe('how an attempt ended', () => {
  it.each(['files', 'review'])('is read from a file of version 0.1.0: %s', async (name) => {
    const text = await readFile(join(old, `${name}.json`), 'utf8');
    const written = JSON.parse(text);
    const outcome = await (await attemptWith(text)).outcome();
    expect(outcome).toMatchObject({
      version: 2,
      status: 'done',
      result: written.result,
      deliverable: { kind: 'files', bundle: written.bundle },
      seen: written.seen,
      base: written.base,
    });
    const paths = written.bundle.files.map(({ path }: { path: string }) => path);
    expect(outcome && [...deliveredFiles(outcome.deliverable).keys()]).toEqual(paths);
  });

  it('is kept with its version, whatever the task ends in', async () => {
    const before = await (
      await attemptWith(await readFile(join(old, 'files.json'), 'utf8'))
    ).outcome();
    if (before === null) throw new Error('The fixture can be read');
    const answer: Deliverable = {
      kind: 'answer',
      text: '42',
      citations: [{ path: 'src/a.js', firstLine: 3, lastLine: 4 }],
      computation: { code: 'print(6 * 7)', output: '42\n' },
    };
    for (const deliverable of [before.deliverable, answer]) {
      const attempt = await attemptWith();
      const outcome: AttemptOutcome = { ...before, deliverable };
      await attempt.finish(outcome);
      expect(await attempt.outcome()).toEqual(outcome);
    }
  });

  it.each(['', '{', '{}', '{"version":3}', '{"version":2,"status":"done"}'])(
    'is not known where a person broke the file: %s',
    async (text) => {
      expect(await (await attemptWith(text)).outcome()).toBeNull();
    },
  );
});
