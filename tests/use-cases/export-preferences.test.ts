import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/compose/program.ts';
import type { PreferencePair } from '../../src/report/preferences/lines.ts';
import { proposalKey } from '../../src/text/content-key.ts';
import { preferencePairs, type ExportSkipped } from '../../src/use-cases/export-preferences.ts';
import { projects, treeOf } from '../helpers/run-cli.ts';
import {
  begun,
  called,
  decided,
  ended,
  gate,
  judged,
  reviewed,
  step,
} from '../report/preferences/events.ts';
import { below, bundleOf, exported, journal, keptCall, keptWork, outcome } from './hand-made.ts';

const project = projects();

async function exportOf(
  files: Readonly<Record<string, string>>,
  { feature = null, env = {} }: { feature?: string | null; env?: Record<string, string> } = {},
): Promise<{ pairs: PreferencePair[]; skipped: ExportSkipped['pairs'] }> {
  const cwd = await project(files);
  const before = await treeOf(cwd);
  const program = await createProgram({
    cwd,
    env: { HOME: cwd, ...env },
    flags: { options: {} },
    now: () => new Date(0),
    untrusted: 'leave-out',
    warn: (message) => {
      throw new Error(message);
    },
  });
  const pairs: PreferencePair[] = [];
  const source = preferencePairs({ feature }, program, new AbortController().signal);
  let next = await source.next();
  for (; next.done !== true; next = await source.next()) pairs.push(next.value);
  expect(await treeOf(cwd)).toEqual(before);
  return { pairs, skipped: next.value.pairs };
}

const [wrong, right, best] = ['wrong();\n', 'right();\n', 'best();\n'];
const prompt = { system: 'You write code.', task: 'Write src/a.js.' };
const shape = (pairs: readonly PreferencePair[]): string[][] =>
  pairs.map(({ chosen, rejected, evidence }) => [
    chosen,
    rejected,
    evidence.map(({ kind }) => kind).join(' '),
  ]);

const attempt = 'partial/T1/1';
const twoRounds = [
  begun(),
  called({}),
  gate('passed'),
  reviewed('revise'),
  called({ stage: 'correct' }, { call: 'c2', model: 'two/corrector' }),
  gate('passed', { round: 2 }),
  reviewed('accept', { round: 2 }),
  ended('done', { rounds: 2 }),
];
const twoWorks = [
  keptWork(`${attempt}/round-1/candidate.md`, `${attempt}/gates`, wrong, 'It is the best.'),
  keptWork(`${attempt}/round-2/candidate.md`, `${attempt}/gates`, right, 'Mended.'),
];
const feature = (...files: Parameters<typeof below>[1][]) => below('features/f', ...files);

describe('of a feature', () => {
  it('revisions are answers to the task’s prompt, without their notes', async () => {
    const files = feature(journal(...twoRounds), keptCall('c1', prompt, 'reply'), ...twoWorks);
    const { pairs, skipped } = await exportOf(files);
    expect(pairs).toEqual([
      {
        prompt: [
          { role: 'system', content: 'You write code.' },
          { role: 'user', content: 'Write src/a.js.' },
        ],
        chosen: exported(right),
        rejected: exported(wrong),
        folder: 'features/f',
        feature: 'f',
        task: 'T1',
        attempts: [1],
        models: { chosen: ['one/author', 'two/corrector'], rejected: ['one/author'] },
        evidence: [
          { kind: 'review', at: '2026-01-01T00:00:04.000Z', by: 'two/reviewer' },
          { kind: 'supervisor', at: '2026-01-01T00:00:08.000Z', by: 'two/reviewer' },
        ],
      },
    ]);
    expect(skipped).toEqual({});
    expect(await exportOf(files, { feature: 'f' })).toEqual({ pairs, skipped });
    await expect(exportOf(files, { feature: 'g' })).rejects.toMatchObject({
      code: 'feature-not-found',
    });
  });

  it('are JSON where JSON was asked for', async () => {
    const call = keptCall('c1', prompt, 'reply', 'file_bundle');
    const { pairs } = await exportOf(feature(journal(...twoRounds), call, ...twoWorks));
    const json = (content: string): string => JSON.stringify({ ...bundleOf(content), renames: [] });
    expect(shape(pairs)).toEqual([[json(right), json(wrong), 'review supervisor']]);
  });

  it('an edit of a person’s stands over what was proposed, which nobody else approved', async () => {
    const edit = [['src/a.js', 'h1', 'h2']] as const;
    const { pairs } = await exportOf(
      feature(
        journal(
          begun(),
          called({}),
          ended('needs_review'),
          decided('edit', edit),
          decided('approve', edit),
          ended('done'),
        ),
        keptCall('c1', prompt, 'reply'),
        {
          [`${attempt}/outcome.json`]: outcome(wrong),
          [`${attempt}/approval/outcome.json`]: outcome(best),
        },
      ),
    );
    expect(shape(pairs)).toEqual([[exported(best), exported(wrong), 'edit']]);
  });

  it('what a person sent back stands below what the next attempt came to', async () => {
    const second = { attempt: 2, rounds: 1 };
    const bodies = [
      begun(),
      called({}),
      gate('passed'),
      ended('needs_review'),
      decided('reject'),
      begun(2),
      called({ stage: 'correct', attempt: 2, round: 0 }, { call: 'c2' }),
      gate('passed', { attempt: 2 }),
      reviewed('accept', { attempt: 2 }),
      ended('done', second),
    ];
    const parts = Object.entries(prompt).map(([name, text]) => ({
      role: name === 'system' ? 'system' : 'user',
      name,
      text,
    }));
    const works = (written: unknown) =>
      feature(
        journal(...bodies),
        keptCall('c1', prompt, 'reply'),
        keptWork(`${attempt}/round-1/candidate.md`, `${attempt}/gates`, wrong),
        keptWork('partial/T1/2/round-1/candidate.md', 'partial/T1/2/gates', right),
        {
          [`${attempt}/outcome.json`]: outcome(wrong),
          'partial/T1/2/prompt.json': JSON.stringify(written),
        },
      );
    const { pairs } = await exportOf(works(parts));
    expect(shape(pairs)).toEqual([[exported(right), exported(wrong), 'person supervisor']]);
    expect(pairs[0]?.attempts).toEqual([1, 2]);
    // Asked in other words, the two are no answers to the same.
    const other = await exportOf(works([{ ...parts[0], text: 'Write tests.' }]));
    expect(other.pairs).toEqual([]);
  });

  it.each<[string, Record<string, string>[], Record<string, number>]>([
    ['the call is gone', [...twoWorks], { 'prompt-missing': 2 }],
    [
      'a text of its prompt is gone',
      [{ 'calls/c1.json': keptCall('c1', prompt, 'x')['calls/c1.json'] ?? '' }, ...twoWorks],
      { 'prompt-missing': 2 },
    ],
    [
      'the call is damaged',
      [{ 'calls/c1.json': '{"version"' }, ...twoWorks],
      { 'prompt-missing': 2 },
    ],
    ['a work is gone', [keptCall('c1', prompt, 'x'), ...twoWorks.slice(1)], { 'work-missing': 1 }],
    [
      'a work was edited',
      [
        keptCall('c1', prompt, 'x'),
        ...twoWorks,
        { [`${attempt}/round-1/candidate.md`]: exported('mine();\n') },
      ],
      { 'work-changed': 1 },
    ],
    [
      'a work is cut short',
      [
        keptCall('c1', prompt, 'x'),
        ...twoWorks,
        { [`${attempt}/round-1/candidate.md`]: 'FILE: src/a.js\n````\nwro' },
      ],
      { 'work-missing': 1 },
    ],
    [
      'the two are the same but for blanks',
      [
        keptCall('c1', prompt, 'x'),
        twoWorks[0] ?? {},
        keptWork(`${attempt}/round-2/candidate.md`, `${attempt}/gates`, 'wrong();  \n\n'),
      ],
      { identical: 1 },
    ],
  ])('nothing is made of it where %s', async (_, files, skipped) => {
    expect(await exportOf(feature(journal(...twoRounds), ...files))).toEqual({
      pairs: [],
      skipped,
    });
  });

  it.each([
    ['without a last newline', 'no end'],
    ['with the line ends of Windows', 'a\r\nb\r\n'],
    ['with fences', '````\nFILE: b.js\n````\n'],
    ['that is empty', ''],
    ['with what is not seen', 'a\u200bb\u00a0c\n'],
    ['with a heading of notes', 'Its author’s notes:\n```\nx\n```\n'],
  ])('a file %s is the same as it was', async (_, content) => {
    const works = [
      keptWork(`${attempt}/round-1/candidate.md`, `${attempt}/gates`, wrong),
      keptWork(`${attempt}/round-2/candidate.md`, `${attempt}/gates`, content, 'Notes.'),
    ];
    const files = feature(journal(...twoRounds), keptCall('c1', prompt, 'x'), ...works);
    const { pairs, skipped } = await exportOf(files);
    expect(skipped).toEqual({});
    expect(pairs.map(({ chosen }) => chosen)).toEqual([exported(content)]);
  });

  it('replies that were cut short or refused are no answers', async () => {
    for (const [finishReason, reason] of [
      ['length', 'truncated'],
      ['refusal', 'refused'],
    ] as const) {
      const bodies = twoRounds.with(1, called({}, { finishReason }));
      const files = feature(journal(...bodies), keptCall('c1', prompt, 'x'), ...twoWorks);
      expect(await exportOf(files)).toEqual({ pairs: [], skipped: { [reason]: 1 } });
    }
  });

  it('holds no secret, neither one of the user’s nor what looks like one', async () => {
    const own = 'hunter2-hunter2-hunter2';
    const shaped = `sk-ant-api03-${'a1'.repeat(20)}`;
    const works = [
      keptWork(`${attempt}/round-1/candidate.md`, `${attempt}/gates`, `key('${shaped}');\n`),
      keptWork(`${attempt}/round-2/candidate.md`, `${attempt}/gates`, right),
    ];
    const call = keptCall('c1', { ...prompt, more: `Use ${own}.` }, 'x');
    const env = { DEPLOY_TOKEN: own };
    const { pairs } = await exportOf(feature(journal(...twoRounds), call, ...works), { env });
    const text = JSON.stringify(pairs);
    expect(text).toContain('[redacted]');
    expect(text).not.toContain(own);
    expect(text).not.toContain(shaped);
  });
});

describe('of an ask', () => {
  const words = (text: string): string =>
    proposalKey({ changes: new Map(), bundle: { notes: text } });
  const answer = (text: string) => ({
    model: 'm',
    answer: { text, files: [], tests: [], commands: [] },
  });
  const result = {
    'result.json': JSON.stringify({ outputs: [answer('Use a B-tree.'), answer('Use a hash.')] }),
  };
  const calls = [
    called({ stage: 'ask', task: null, round: 1 }, { call: 'c1', model: 'one/a' }),
    called({ stage: 'ask', task: null, round: 2 }, { call: 'c2', model: 'two/b' }),
  ];
  const asked = { system: 'Answer.', question: 'Which index?' };

  it('answers in words are compared by a judge who held to it', async () => {
    const verdict = judged(
      words('Use a B-tree.'),
      words('Use a hash.'),
      ['second', 'second'],
      null,
    );
    const files = [journal(...calls, verdict), keptCall('c1', asked, 'x'), result];
    const { pairs, skipped } = await exportOf(below('.blueprint/asks/which-1', ...files));
    expect(skipped).toEqual({});
    expect(pairs).toMatchObject([
      {
        prompt: [{ content: 'Answer.' }, { content: 'Which index?' }],
        chosen: 'Use a hash.',
        rejected: 'Use a B-tree.',
        folder: '.blueprint/asks/which-1',
        feature: null,
        models: { chosen: ['two/b'], rejected: ['one/a'] },
        evidence: [{ kind: 'judge', by: 'three/judge' }],
      },
    ]);
    const turned = judged(words('Use a B-tree.'), words('Use a hash.'), ['first', 'second'], null);
    const other = [journal(...calls, turned), keptCall('c1', asked, 'x'), result];
    expect(await exportOf(below('.blueprint/asks/which-1', ...other))).toEqual({
      pairs: [],
      skipped: { 'order-flip': 1 },
    });
  });
});

describe('of a debate', () => {
  const round = (number: number, insisted: boolean) => [
    called({ stage: 'debate-defence', task: null, round: number }, { call: `a${number}` }),
    step(
      'debate',
      'defence',
      {
        round: number,
        outcomes: [{ issue: 'I1', stance: 'defend', insisted, reply: 'So.' }],
      },
      { task: null },
    ),
  ];
  const reply = (reason: string): string =>
    JSON.stringify({ answers: [{ issue: 'I1', stance: 'defend', reason, change: null }] });

  it('an answer that was accepted stands over the one that was not', async () => {
    const folder = '.blueprint/debates/links-1';
    const { pairs } = await exportOf(
      below(
        folder,
        journal(...round(1, true), ...round(2, false)),
        keptCall('a1', { system: 'You speak for it.', issues: 'I1: slow' }, reply('It is fast.')),
        keptCall(
          'a2',
          { system: 'You speak for it.', issues: 'I1: insists' },
          reply('1 ms, measured.'),
        ),
      ),
    );
    expect(pairs).toMatchObject([
      {
        prompt: [{ role: 'system' }, { role: 'user', content: 'I1: slow' }],
        chosen: reply('1 ms, measured.'),
        rejected: reply('It is fast.'),
        folder,
        task: null,
      },
    ]);
  });
});
