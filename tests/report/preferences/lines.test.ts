import { expect, it } from 'vitest';
import { linesOf, type PreferencePair } from '../../../src/report/preferences/lines.ts';
import { licenceNote, provenanceSchema } from '../../../src/report/preferences/provenance.ts';
import { sha256 } from '../../../src/text/sha256.ts';

const prompt = [{ role: 'user', content: 'Add.' }] as const;
const pair = (chosen: string, rejected: string): PreferencePair => ({
  prompt,
  chosen,
  rejected,
  folder: 'features/f',
  feature: 'f',
  task: 'T1',
  attempts: [1, 2],
  models: { chosen: ['one/a'], rejected: ['two/b', 'one/a'] },
  evidence: [
    { kind: 'gates', at: '2026-01-01', by: null },
    { kind: 'judge', at: '2026-01-02', by: 'three/c' },
  ],
});

it('a pair says where it is from', () => {
  const [line] = linesOf([pair('good', 'bad')], 'trl');
  expect(line?.record).toEqual({ prompt: 'Add.\n\n', chosen: 'good', rejected: 'bad' });
  const origin = { ...line?.origin, line: 1 };
  expect(provenanceSchema.parse(origin)).toEqual(origin);
  expect(origin).toMatchObject({
    type: 'pair',
    at: '2026-01-02',
    models: { chosen: ['one/a'], rejected: ['two/b', 'one/a'] },
    promptSha256: sha256(JSON.stringify(prompt)),
    chosenSha256: sha256('good'),
    rejectedSha256: sha256('bad'),
  });
});

it('unpaired, each answer stands once, and none that is both better and worse', () => {
  const lines = linesOf([pair('a', 'b'), pair('a', 'c'), pair('c', 'd')], 'trl-unpaired');
  expect(lines.map(({ record }) => record)).toEqual([
    { prompt: 'Add.\n\n', completion: 'a', label: true },
    { prompt: 'Add.\n\n', completion: 'b', label: false },
    { prompt: 'Add.\n\n', completion: 'd', label: false },
  ]);
  const origins = lines.map(({ origin }, index) => ({ ...origin, line: index + 1 }));
  for (const origin of origins) expect(provenanceSchema.parse(origin)).toEqual(origin);
  expect(origins[0]).toMatchObject({ type: 'label', label: true, completionSha256: sha256('a') });
  expect(origins[1]).toMatchObject({ label: false, models: ['two/b', 'one/a'] });
});

it('the note on licences names each vendor once', () => {
  expect(licenceNote(['openai/a', 'anthropic/b', 'openai/c'])).toMatch(
    /^The answers were written by models of anthropic and openai\. Their terms decide/,
  );
  expect(licenceNote([])).toMatch(/^The answers are written by models\. Their terms decide/);
});
