import { describe, expect, test } from 'vitest';
import { newTask, type FeatureDocument } from '../../src/domain/task.ts';
import { sha256 } from '../../src/text/sha256.ts';
import { plannedRequirement } from '../../src/text/requirement-key.ts';
import {
  plannedSpec,
  specChanges,
  specChangesText,
  specProblem,
  withSpecWords,
} from '../../src/text/spec-changes.ts';
import { requirementsOf } from '../../src/domain/spec.ts';

const spec = `# Durations

An opening.

## Overview

Reads durations such as \`1h30m\` and says how long they are.

## Requirements

### R1: The module shall read hours and minutes, written as one word

- \`1h\` is 3600
- a wrong text is refused

### R2: It shall print a duration

| in | out |
| --- | --- |
| 60 | 1m |

- R3: It shall keep a sign
  - \`-1h\` is *negative*

## Limits

- No dependency
- Only ASCII
`;

const at = '2026-01-01T00:00:00.000Z';
const planned = (text: string): FeatureDocument => ({
  schemaVersion: 2,
  title: 'Durations',
  createdAt: at,
  updatedAt: at,
  plan: { specSha256: sha256(text), spec: plannedSpec(text), refined: false, warnings: [] },
  requirements: requirementsOf(text),
  tasks: [newTask({ id: 'T1', title: 'All', type: 'code', requirements: ['R1'] })],
});

describe('layout is no change', () => {
  test.each<[string, string]>([
    ['the same', spec],
    ['CRLF', spec.replaceAll('\n', '\r\n')],
    ['a mark at its beginning', `\uFEFF${spec}`],
    ['blank lines and spaces', `\n\n${spec.replaceAll('\n\n', '  \n\n\n')}\n\n`],
    ['wrapped lines', spec.replace('and says how long', 'and says\nhow long')],
    ['a wrapped criterion', spec.replace('a wrong text is', 'a wrong\n  text is')],
    ['other bullets', spec.replaceAll(/^- /gm, '* ')],
    ['another way to stress', spec.replace('*negative*', '_negative_')],
    ['an aligned table', spec.replace('| in | out |\n| --- |', '| in  | out   |\n| :---- |')],
    ['other levels of headings', spec.replaceAll('### ', '#### ')],
    ['another form of an id', spec.replace('R1:', 'R-1:')],
    ['a comment', spec.replace('## Limits', '<!-- to be looked at -->\n\n## Limits')],
    ['another order', spec.replace(/(### R1[^]*)(### R2[^]*?)(?=\n- R3)/, '$2\n$1')],
  ])('%s', (_, text) => {
    expect(specChanges(planned(spec), text)).toBeNull();
  });
});

describe('what changed is named', () => {
  test.each<[string, string, string]>([
    ['words', spec.replace('hours and minutes', 'days, hours and minutes'), 'R1 changed'],
    ['a criterion', spec.replace('is 3600', 'is 3601'), 'R1 changed'],
    ['a criterion more', spec.replace('- a wrong', '- `2h` is 7200\n- a wrong'), 'R1 changed'],
    ['a sign', spec.replace('`-1h`', '`--1h`'), 'R3 changed'],
    ['a cell', spec.replace('| 60 |', '| 61 |'), 'R2 changed'],
    ['one more', spec.replace('## Limits', '### R4: It shall round\n\n## Limits'), 'R4 added'],
    ['one less', spec.replace(/### R2[^]*?(?=- R3)/, ''), 'R2 removed'],
    ['another number', spec.replace('R2:', 'R7:'), 'R7 added, R2 removed'],
    ['other text', spec.replace('Only ASCII', 'Any script'), 'other text changed («Limits»)'],
    ['the opening', spec.replace('An opening', 'The opening'), 'other text changed («Durations»)'],
    ['a section more', `${spec}\n## Data\n\nOne table.\n`, 'other text changed («Data»)'],
    ['a section less', spec.replace(/## Limits[^]*/, ''), 'other text changed («Limits»)'],
  ])('%s', (_, text, words) => {
    const changes = specChanges(planned(spec), text);
    expect(changes === null ? null : specChangesText(changes)).toBe(words);
  });

  test('where the spec has no numbers, by its sections', () => {
    const plain = '# A\n\n## Wants\n\nIt should fly.\n\n## Limits\n\nNone.\n';
    const changes = specChanges(planned(plain), plain.replace('fly', 'swim'));
    expect(changes).toMatchObject({ sections: ['Wants'], added: [], changed: [], removed: [] });
  });
});

describe('a list of an earlier version', () => {
  const old = (): FeatureDocument => {
    const document = planned(spec);
    const requirements = document.requirements.map(plannedRequirement);
    return { ...document, plan: { ...document.plan, spec: { requirements, sections: null } } };
  };

  test('knows its requirements alone', () => {
    expect(specChanges(old(), spec.replace('is 3600', 'is 1'))).toMatchObject({ changed: ['R1'] });
    expect(specChanges(old(), spec.replaceAll('\n', '\r\n'))).toBeNull();
    expect(specChanges(old(), spec.replace('Only ASCII', 'All'))).toBeNull();
  });

  test('may have read its requirements out of other text', () => {
    const changes = specChanges(old(), '# Free text\n\nIt should fly.\n');
    expect(changes).toMatchObject({ sections: ['Free text'], removed: [] });
  });
});

test('prompts get the words of now', () => {
  const text = spec
    .replace('hours and minutes', 'days')
    .replace(/### R2[^]*?(?=- R3)/, '')
    .replace('## Limits', '### R4: It shall round\n\n## Limits');
  const document = withSpecWords(planned(spec), specChanges(planned(spec), text));
  expect(document.requirements.map(({ id, text: words }) => `${id} ${words}`)).toEqual([
    'R1 The module shall read days, written as one word',
    expect.stringMatching(/^R2 No longer part of the specification: It shall print/),
    'R3 It shall keep a sign',
  ]);
});

describe('a spec that cannot be used', () => {
  const codeOf = (text: string | null): string | undefined =>
    specProblem(planned(spec), text, 'features/x/spec.md')?.code;

  test.each<[string, string | null, string | undefined]>([
    ['as it was', spec, undefined],
    ['changed', spec.replace('hours', 'days'), undefined],
    ['gone', null, 'spec-missing'],
    ['empty', ' \n', 'spec-broken'],
    ['of UTF-16', [...spec].join('\0'), 'spec-broken'],
    ['of another encoding', spec.replace('o', '\uFFFD'), 'spec-broken'],
    ['without any requirement', '# Durations\n\nTo be written.\n', 'spec-broken'],
  ])('%s', (_, text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  test('a list that was written by hand needs none', () => {
    const document = planned(spec);
    const byHand = { ...document, plan: { ...document.plan, spec: null } };
    expect(specProblem(byHand, null, '')).toBeNull();
    expect(specChanges(byHand, 'anything')).toBeNull();
  });
});
