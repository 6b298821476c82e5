import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonInstructions, parseJsonBundle } from '../../../src/text/bundle/json.ts';
import { anyBundle, bundleOf } from './bundles.ts';

const example = bundleOf({
  files: [{ path: 'a.js', content: 'if (x) {\n  "y"; // [\n}' }],
  notes: 'n',
});
const text = JSON.stringify(example, null, 2);

test('any bundle is read exactly as it was written', () => {
  fc.assert(
    fc.property(anyBundle, fc.boolean(), (given, pretty) => {
      const written = JSON.stringify(given, null, pretty ? 2 : undefined);
      expect(parseJsonBundle(written)).toEqual({ bundle: given });
      expect(parseJsonBundle(`Here {it} is:\n\`\`\`json\n${written}\n\`\`\`\nDone}.`)).toEqual({
        bundle: given,
      });
    }),
  );
});

describe('small faults are mended', () => {
  test.each([
    ['a trailing comma', text.replace('"notes": "n"', '"notes": "n",')],
    ['a comment', text.replace('"notes"', '// why\n"notes"')],
    ['a real newline in a string', text.replace(String.raw`{\n`, '{\n')],
  ])('%s', (_name, broken) => {
    expect(() => JSON.parse(broken) as unknown).toThrow();
    expect(parseJsonBundle(broken)).toEqual({ bundle: example });
  });
});

test('a reply that was cut short anywhere is a fault, never half a file', () => {
  const reordered = JSON.stringify({
    notes: '',
    edits: [],
    deletions: [],
    tests: [],
    commands: [],
    files: example.files,
  });
  for (const whole of [text, reordered])
    for (let length = 0; length < whole.length; length++)
      expect(parseJsonBundle(whole.slice(0, length))).toHaveProperty('faults');
});

test('the faults name what is missing or wrong', () => {
  expect(parseJsonBundle('{"files": [{"path": 1}], "extra": 1}')).toEqual({
    faults: expect.arrayContaining([
      expect.stringMatching(/files\[0\]\.path/),
      expect.stringMatching(/extra/),
    ]) as string[],
  });
  expect(parseJsonBundle('no')).toEqual({ faults: ['The reply holds no JSON object.'] });
  expect(parseJsonBundle(JSON.stringify(bundleOf({})))).toEqual({
    faults: ['The reply holds no file, no edit and no deletion.'],
  });
  const twice = bundleOf({
    files: [
      { path: 'a', content: '' },
      { path: 'A', content: '' },
    ],
  });
  expect(parseJsonBundle(JSON.stringify(twice))).toHaveProperty('faults');
});

test('the instructions hold an object of that form', () => {
  expect(parseJsonBundle(jsonInstructions)).toMatchObject({
    bundle: { deletions: ['old/file.js'] },
    renames: [{ from: 'a.js', to: 'src/a.js' }],
  });
});

test('renames alone are a bundle, and may be left out', () => {
  const renames = [{ from: 'logo.png', to: 'img/logo.png' }];
  expect(parseJsonBundle(JSON.stringify({ ...bundleOf({}), renames }))).toEqual({
    bundle: bundleOf({}),
    renames,
  });
  expect(parseJsonBundle(text)).toEqual({ bundle: example });
  expect(parseJsonBundle(JSON.stringify({ ...example, renames: [] }))).toEqual({ bundle: example });
  const halves = JSON.stringify({ ...bundleOf({}), renames: [{ from: 'a' }] });
  expect(parseJsonBundle(halves)).toEqual({
    faults: [expect.stringMatching(/renames\[0\]\.to/)],
  });
});
