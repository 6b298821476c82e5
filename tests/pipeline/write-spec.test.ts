import { describe, expect, it, test } from 'vitest';
import { ModelError } from '../../src/domain/model-error.ts';
import { specFromReply } from '../../src/pipeline/spec-reply.ts';
import { writeSpec, type SpecInput } from '../../src/pipeline/write-spec.ts';
import { fakeModel, fakeRouter, type FakeModel } from '../helpers/fake-model.ts';
import { brief, emptyFolder, spec, world, type World } from './planning.ts';

const input: SpecInput = {
  slug: 'word-counter',
  brief,
  context: [],
  answers: [],
  looked: [],
};

const worldOf = (model: FakeModel, folder = emptyFolder()): World =>
  world(fakeRouter({ architect: model }), folder);

describe('writeSpec', () => {
  it('saves the reply and says how it went', async () => {
    const model = fakeModel({ spec: [spec] });
    const folder = emptyFolder();
    const { ports, events } = worldOf(model, folder);
    const pieces: string[] = [];
    expect(await writeSpec(input, { ...ports, onText: (text) => pieces.push(text) })).toBe(spec);
    expect(folder.spec).toBe(spec);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('')).toBe(spec);
    expect(events).toMatchObject([
      { type: 'stage-start', stage: 'spec' },
      { type: 'route-decide', task: null, decision: { role: 'architect', chosen: 'fake/one' } },
      { type: 'stage-finish', summary: '2 requirements in spec.md', resumed: false },
    ]);
    expect(model.requests).toMatchObject([
      {
        role: 'architect',
        purpose: { stage: 'spec', feature: 'word-counter', task: null, attempt: 1, round: 1 },
        maxOutputTokens: 32_000,
      },
    ]);
    expect(model.requests[0]).not.toHaveProperty('salt');
    expect(model.requests[0]).not.toHaveProperty('schema');
  });

  it('sends a spec without requirements back once, after the same parts', async () => {
    const model = fakeModel({ spec: ['# Only prose\n\nWords.'], 'spec-fix': [spec] });
    const folder = emptyFolder();
    expect(await writeSpec(input, worldOf(model, folder).ports)).toBe(spec);
    expect(folder.spec).toBe(spec);
    const [first, second] = model.requests;
    expect(second?.purpose).toMatchObject({ stage: 'spec-fix', round: 2 });
    expect(second?.parts.slice(0, first?.parts.length)).toEqual(first?.parts);
    expect(second?.parts.slice(first?.parts.length)).toMatchObject([
      { role: 'assistant', name: 'reply', text: '# Only prose\n\nWords.' },
      { role: 'user', name: 'faults', text: expect.stringContaining('### R1: statement') },
    ]);
  });

  it('gives up after the second, keeps the text and forgets the calls', async () => {
    const model = fakeModel({ spec: ['Prose.'], 'spec-fix': ['# More prose'] });
    const folder = emptyFolder();
    await expect(writeSpec(input, worldOf(model, folder).ports)).rejects.toMatchObject({
      code: 'spec-without-requirements',
      target: 'fake/one',
      exitCode: 5,
    });
    expect(folder.spec).toBeNull();
    expect(folder.drafts.get('spec.md')).toBe('# More prose\n');
    expect(model.forgotten).toEqual(['spec', 'spec-fix']);
  });

  it('keeps what a failed call sent, and passes its error on', async () => {
    const error = new ModelError({
      kind: 'truncated',
      model: 'fake/one',
      message: 'cut short',
      rawReply: '# Half',
    });
    const folder = emptyFolder();
    const { ports, events } = worldOf(fakeModel({ spec: [error] }), folder);
    await expect(writeSpec(input, ports)).rejects.toBe(error);
    expect(folder.drafts.get('spec-reply.txt')).toBe('# Half');
    expect(events.map(({ type }) => type)).not.toContain('stage-finish');
  });

  it('passes on what the provider remarked', async () => {
    const { ports, events } = worldOf(fakeModel({ spec: [spec] }, { warnings: ['old model'] }));
    await writeSpec(input, ports);
    expect(events).toContainEqual({
      type: 'warning',
      code: 'model-warning',
      message: 'old model',
      task: null,
    });
  });
});

describe('specFromReply', () => {
  const code = '# T\n\n```ts\nlet a;\n```';

  const half = '# words\n\n## Requirements\n\n### R1: It counts\n\n- One word is 1.';
  const whole = `${half}\n\n### R2: It prints\n\n- The number is printed.`;
  it.each([
    ['a greeting', `Certainly! Here is the specification:\n\n${whole}`],
    ['a greeting above a rule', `Here is the specification.\n\n---\n\n${whole}`],
    ['a greeting that a rule makes a heading', `Here it is\n---\n${whole}`],
    ['a question at the end', `${whole}\n\nShall I go on with the tasks?`],
    ['a question in another language', `${whole}\n\nSoll ich weitermachen?`],
    ['an offer below a rule', `${whole}\n\n---\n\nSag Bescheid, wenn etwas fehlt.`],
    ['talk at both ends', `Sure.\n\n${whole}\n\nLet me know what you think!`],
    ['a fence and talk', `Sure:\n\n\`\`\`markdown\n${whole}\n\`\`\`\n\nAnything else?`],
    ['a bare fence and talk', `Sure:\n\n\`\`\`\n${whole}\n\`\`\`\nDone.`],
    ['a fence that is never closed', `\`\`\`markdown\n${whole}`],
    ['a draft before it', `${half}\n\nR2 is missing. Corrected:\n\n${whole}`],
    ['a draft in a fence', `\`\`\`md\n${half}\n\`\`\`\nNo:\n\`\`\`md\n${whole}\n\`\`\``],
    ['thinking', `<think>\n${half}\n\nNo.\n</think>\n\n${whole}`],
    ['thinking, a fence and talk', `x\n</think>\nSure:\n\`\`\`md\n${whole}\n\`\`\``],
  ])('takes the answer without %s', (_, reply) => {
    expect(specFromReply(reply)).toBe(`${whole}\n`);
  });

  it.each([
    ['a question that the spec asks', `${whole}\n\n## Open questions\n\nWhich encoding?\n`],
    ['code blocks as long as its fence', `# T\n\n\`\`\`\na\n\`\`\`\n\n### R1: x\n\nEnd.\n`],
    ['an example of Markdown', `${whole}\n\n\`\`\`md\n# Title\n\`\`\`\n`],
    ['two parts', '# Part one\n\n### R1: a\n\n# Part two\n\n### R2: b\n'],
    ['marks of thinking', `${whole}\n\n## Notes\n\nText before \`</think>\` is dropped.\n`],
  ])('leaves %s', (_, text) => {
    expect(specFromReply(text)).toBe(text);
    expect(specFromReply(`Here it is:\n\n\`\`\`markdown\n${text}\`\`\`\n\nFine?`)).toBe(text);
  });

  it.each([
    ['as it is', spec, spec],
    ['a fence around the whole', `\`\`\`markdown\n${code}\n\`\`\``, `${code}\n`],
    ['a sentence and a fence', `Here it is:\n\n\`\`\`md\r\n# T\r\n\`\`\`\n`, '# T\n'],
    ['a bare fence', '```\n# T\n\nx\n```', '# T\n\nx\n'],
    ['code at its end', code, `${code}\n`],
    ['code at both ends', '```\na\n```\n# T\n```\nb\n```', '```\na\n```\n# T\n```\nb\n```\n'],
    ['a markdown example inside', '# T\n\n```md\nx\n```', '# T\n\n```md\nx\n```\n'],
    ['a longer fence', `\`\`\`\`markdown\n${code}\n\`\`\`\``, `${code}\n`],
    ['a byte order mark and terminal codes', '\ufeff# T\u001b[31m!\u0007', '# T!\n'],
    ['nothing', '', '\n'],
  ])('takes %s', (_, reply, expected) => {
    expect(specFromReply(reply)).toBe(expected);
  });
});

test('talk without end is left out, and takes no time by its square', () => {
  const spec = '# A\n\n## Requirements\n\n### R1: It works.\n\n- It does.\n';
  expect(specFromReply(`${spec}\n${'---\n\nLet me know.\n\n'.repeat(30_000)}`)).toBe(spec);
  expect(specFromReply(`${spec}\nShall we go on?\n\n   \n`)).toBe(spec);
});
