import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { readObject } from '../../src/models/generate-object.ts';
import { parseFencedBundle } from '../../src/text/bundle/fenced.ts';
import { parseJsonBundle } from '../../src/text/bundle/json.ts';
import { fencedLines, withoutThinking } from '../../src/text/thinking.ts';

const fence = '````';
const file = (path: string, content: string, mark = fence): string =>
  `FILE: ${path}\n${mark}\n${content}${mark}\n`;
const bundleOf = (files: readonly { path: string; content: string }[]) => ({
  files,
  edits: [],
  deletions: [],
  tests: [],
  commands: [],
  notes: '',
});
const filesIn = (reply: string): unknown => {
  const read = parseFencedBundle(reply);
  return 'bundle' in read ? read.bundle.files : read.faults;
};
const schema = z.strictObject({ verdict: z.enum(['accept', 'revise']), summary: z.string() });
const revise = { verdict: 'revise', summary: 'It subtracts.' };

/** How thinking is put before an answer. */
const forms: readonly (readonly [string, (thought: string, answer: string) => string])[] = [
  ['<think>', (thought, answer) => `<think>\n${thought}\n</think>\n\n${answer}`],
  ['a lone </think>', (thought, answer) => `${thought}\n</think>\n\n${answer}`],
  ['a lone </think> behind a word', (thought, answer) => `${thought}\nDone.</think>\n${answer}`],
  ['<thinking>', (thought, answer) => `<thinking>\n${thought}\n</thinking>\n\n${answer}`],
  ['<reasoning>', (thought, answer) => `<reasoning>${thought}\n</reasoning>\n${answer}`],
  ['<Thought>', (thought, answer) => `\n  <Thought>${thought}\n</Thought>${answer}`],
  ['an attribute', (thought, answer) => `<think effort="high">\n${thought}\n</think>\n${answer}`],
  ['<antThinking>', (thought, answer) => `<antThinking>\n${thought}\n</antThinking>\n${answer}`],
  ['[THINK]', (thought, answer) => `[THINK]${thought}\n[/THINK]\n${answer}`],
  ['◁think▷', (thought, answer) => `◁think▷${thought}\n◁/think▷\n${answer}`],
  ['a greeting before', (thought, answer) => `Sure!\n\n<think>\n${thought}\n</think>\n${answer}`],
  [
    'two of them',
    (thought, answer) => `<think>\na\n</think>\n<think>\n${thought}\n</think>\n${answer}`,
  ],
  [
    'channels',
    (thought, answer) =>
      `<|channel|>analysis<|message|>${thought}<|end|><|start|>assistant<|channel|>final<|message|>${answer}`,
  ],
  ['Gemma’s channel', (thought, answer) => `<|channel>thought\n${thought}\n<channel|>${answer}`],
  ['channels without marks', (thought, answer) => `analysis${thought}assistantfinal${answer}`],
];

describe.each(forms)('thinking as %s', (_, form) => {
  test('holds no file of the answer', () => {
    const thought = `I could write\n\n${file('draft.js', 'export const draft = 1;\n', '```')}\nbut no.`;
    expect(filesIn(form(thought, file('sum.js', 'export const sum = 1;\n')))).toEqual([
      { path: 'sum.js', content: 'export const sum = 1;\n' },
    ]);
  });

  test('holds no verdict', () => {
    const thought = 'An accept is {"verdict": "accept", "summary": "Good."} but it subtracts.';
    expect(readObject(form(thought, JSON.stringify(revise)), schema)).toEqual({ object: revise });
    const cut = readObject(form(thought, '{"verdict": "revise", "summ'), schema);
    expect(cut).toEqual({ faults: expect.stringContaining('never closed') });
    expect(readObject(form(thought, 'So I would revise it.'), schema)).toHaveProperty('faults');
  });

  test('is no part of a bundle in JSON', () => {
    const [draft, sound] = ['draft.js', 'sum.js'].map((path) =>
      bundleOf([{ path, content: 'x\n' }]),
    );
    const reply = form(`Maybe\n${JSON.stringify(draft)}\nbut no.`, JSON.stringify(sound));
    expect(parseJsonBundle(reply)).toEqual({ bundle: sound });
  });

  test('is no part of a text', () => {
    const answer = '# sum\n\n### R1: It adds\n';
    const text = withoutThinking(
      form('# scratch\n\n### R1: Delete all\n\nNo.', answer),
      fencedLines,
    );
    expect(text.replace('Sure!', '').trim()).toBe(answer.trim());
  });
});

describe('what looks like a mark of thinking stays', () => {
  test.each([
    ['in a file', '<think>\nconst close = 1;\n</think>\n'],
    ['alone in a file', 'a\n</think>\nb\n'],
    ['opened in a file', '<think>\n'],
    ['in a string of a file', "export const close = '</think>';\n"],
    ['as channels in a file', '<|channel|>analysis<|message|>x<|end|>\n'],
    ['in a Markdown file', '# x\n\n```\n</think>\n```\n'],
  ])('%s', (_, content) => {
    const reply = file('a.md', content);
    expect(filesIn(reply)).toEqual([{ path: 'a.md', content }]);
    expect(filesIn(`<think>\nhm\n</think>\n${reply}`)).toEqual([{ path: 'a.md', content }]);
    const bundle = bundleOf([{ path: 'a.md', content }]);
    expect(parseJsonBundle(JSON.stringify(bundle, null, 2))).toEqual({ bundle });
    // Line breaks in strings are a usual slip.
    const slip = JSON.stringify(bundle).replaceAll('\\n', '\n');
    expect(parseJsonBundle(slip)).toEqual({ bundle });
  });

  test.each([
    '# x\n\n### R1: All before </think>\n\n- The text before a lone </think>\n\n### R2: y\n',
    '# x\n\nThe marks `<think>` and `</think>` are dropped.\n\n### R1: y\n',
    '# x\n\n### R1: y\n\n```\n<think>\na\n</think>\n```\n',
    '# x\n\n<think> and </think> are marks.\n\n### R1: y\n',
    '# x\n\n### R1: y\n\n<think>\n\nis never closed here.\n',
  ])('in a text: %j', (text) => {
    expect(withoutThinking(text, fencedLines)).toBe(text);
  });

  test('in notes', () => {
    const notes = 'Lines that end with `</think>`, and <think> itself, are read.';
    const read = parseFencedBundle(`${file('a.js', 'x\n')}\n${notes}\n`);
    expect(read).toMatchObject({ bundle: { files: [{ path: 'a.js' }], notes } });
  });
});

test('thinking that never ends holds no answer', () => {
  const reply = `<think>\nMaybe {"verdict": "accept", "summary": ""}\n${file('a.js', 'x\n')}`;
  expect(readObject(reply, schema)).toHaveProperty('faults');
  expect(parseFencedBundle(reply)).toEqual({
    faults: expect.arrayContaining([expect.stringContaining('never closed')]),
  });
  expect(withoutThinking(reply, fencedLines).trim()).toBe('');
});

test('marks without end take no time', () => {
  expect(parseFencedBundle('<think>\n'.repeat(200_000))).toHaveProperty('faults');
  expect(parseFencedBundle('x\n</think>\n'.repeat(100_000))).toHaveProperty('faults');
  withoutThinking('<think>a</think>\n'.repeat(20_000), fencedLines);
  withoutThinking('- x\n<think>\n'.repeat(100_000), fencedLines);
});
