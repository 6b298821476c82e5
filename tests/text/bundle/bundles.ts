import * as fc from 'fast-check';
import type { FileBundle } from '../../../src/domain/bundle.ts';
import { pathKey } from '../../../src/domain/safe-path.ts';

export function bundleOf(parts: Partial<FileBundle>): FileBundle {
  return { files: [], edits: [], deletions: [], tests: [], commands: [], notes: '', ...parts };
}

/** Lines that a codec could mistake for its own. */
const traps = [
  '```',
  '````js',
  '~~~',
  '   ```',
  'FILE: src/a.js',
  '### EDIT: `b.ts`',
  'DELETE: c',
  'TEST: d',
  'COMMAND: e',
  'NOTES:',
  '<<<<<<< SEARCH',
  '=======',
  '======= no newline',
  '>>>>>>> REPLACE',
  '\\ No newline at end of file',
  '"quoted"',
  '',
  ' ',
  '\r',
  '\u2028',
];
const line = fc.oneof(
  fc.constantFrom(...traps),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ maxLength: 20 }),
);
export const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .tuple(
      fc.array(line, { maxLength: 8 }),
      fc.constantFrom('\n', '\r\n'),
      fc.constantFrom('', '\n'),
    )
    .map(([lines, newline, end]) => lines.join(newline) + end),
);
const anyPath = fc.oneof(
  fc.constantFrom(
    'src/a.js',
    'README.md',
    'ünï/çödé/日本.md',
    './x',
    '`a`',
    '"q"',
    '**b**',
    'a b',
    ' a ',
    'x (new)',
    'a:',
    '',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ maxLength: 20 }),
);

export const anyBundle: fc.Arbitrary<FileBundle> = fc
  .record({
    files: fc.uniqueArray(fc.record({ path: anyPath, content: anyText }), {
      maxLength: 4,
      selector: ({ path }) => pathKey(path),
    }),
    edits: fc.array(fc.record({ path: anyPath, search: anyText, replace: anyText }), {
      maxLength: 4,
    }),
    deletions: fc.uniqueArray(anyPath, { maxLength: 3, selector: pathKey }),
    tests: fc.array(anyPath, { maxLength: 3 }),
    commands: fc.array(anyPath, { maxLength: 3 }),
    notes: anyText,
  })
  .map((bundle) => {
    const written = new Set([...bundle.files, ...bundle.edits].map(({ path }) => pathKey(path)));
    return { ...bundle, deletions: bundle.deletions.filter((path) => !written.has(pathKey(path))) };
  })
  .filter(({ files, edits, deletions }) => files.length + edits.length + deletions.length > 0);
