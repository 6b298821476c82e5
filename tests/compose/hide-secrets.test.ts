import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, test } from 'vitest';
import {
  withoutSecretsInFiles,
  withoutSecretsInWorkspace,
} from '../../src/compose/hide-secrets.ts';
import { createRedactor } from '../../src/text/redact.ts';
import { createArtefactStore } from '../../src/state/artefacts.ts';
import { folderOver } from '../workspace/workspaces.ts';
import { temporaryFolder } from '../state/fixtures.ts';

const key = 'house-key-0123456789';
const shaped = 'sk-ant-api03-Ax7Kq2Lm9Pz4Wr8Tn5Yv1Bc6';
const redactor = createRedactor([{ name: 'HOUSE_KEY', value: key }]);

test.each([
  ['spec.md', shaped],
  ['partial/T1/1/prompt.json', shaped],
  ['partial/T1/1/files/src/a.js', shaped],
  ['partial/T1/1/outcome.json', shaped],
  ['partial/T1/1/raw-reply.txt', '[redacted]'],
  ['partial/T1/1/round-1/review-reply.txt', '[redacted]'],
  ['partial/plan/plan.json', '[redacted]'],
  ['partial/plan/spec-reply.txt', '[redacted]'],
])('%s never holds a secret; what looks like one becomes %s', async (path, expected) => {
  const featuresDir = await temporaryFolder();
  const plain = createArtefactStore({ featuresDir, displayRoot: featuresDir });
  const store = withoutSecretsInFiles(plain, redactor);
  await store.write('f', path, `a ${key} b ${shaped} c`);
  const text = await readFile(join(featuresDir, 'f', path), 'utf8');
  expect(text).toBe(`a [redacted] b ${expected} c`);
  expect(await store.read('f', path)).toBe(text);
});

it('commits no file with a secret', async () => {
  const root = await temporaryFolder();
  const workspace = withoutSecretsInWorkspace(folderOver(root), redactor);
  const changes = new Map([['src/a.js', `const key = '${key}';\n`]]);
  await expect(workspace.commit(changes, new Map())).rejects.toMatchObject({
    code: 'secret-in-file',
    target: 'src/a.js',
  });
  expect(await workspace.files()).toEqual(new Map());
  const sound = new Map([['src/a.js', `const key = '${shaped}';\n`]]);
  expect(await workspace.commit(sound, new Map())).toEqual({ outcome: 'committed' });
});
