import { describe, expect, test } from 'vitest';
import { ModelError } from '../../../src/domain/model-error.ts';
import type { Worker } from '../../../src/domain/route.ts';
import { ragQa } from '../../../src/workflows/rag/rag-qa.ts';
import type { Sources } from '../../../src/workflows/rag/sources.ts';
import type { WorkflowInput, WorkflowParts } from '../../../src/workflows/workflow.ts';
import { fakeModel, fakeRouter, type FakeReply } from '../../helpers/fake-model.ts';
import { filesIn, workOver } from '../../helpers/work.ts';
import { documentOf } from '../../state/fixtures.ts';

const texts: Readonly<Record<string, string>> = {
  'docs/plain.md': 'It is plain.',
  'docs/backoff.md': 'The backoff doubles.',
};
const retriever: Worker = { provider: 'three', model: 'retriever', role: 'retriever' };
const citing = (path: string): object => ({
  claims: [
    {
      statement: 'So it is.',
      citations: [{ path, firstLine: 1, lastLine: 1, quote: texts[path] }],
    },
  ],
  found: true,
  missing: '',
});

interface Given {
  readonly workers?: readonly Worker[];
  readonly searches?: readonly FakeReply[];
  readonly repaired?: readonly FakeReply[];
  readonly answers: readonly FakeReply[];
  /** What the words of the question find. */
  readonly plain?: readonly string[];
}

async function run({ workers = [retriever], answers, plain = ['docs/plain.md'], ...given }: Given) {
  const asked: string[] = [];
  const sources: Sources = {
    isEmpty: async () => false,
    async search(query) {
      asked.push(query);
      const paths = query.includes('backoff') ? ['docs/backoff.md'] : plain;
      return paths.map((path) => ({ path, line: 1, text: texts[path] ?? '' }));
    },
    read: async (path) => texts[path] ?? null,
    passedOver: async () => [],
  };
  const solver = fakeModel({ answer: answers }, { ref: 'one/solver', family: 'one' });
  const third = fakeModel(
    { retrieve: given.searches ?? [], 'retrieve:repair': given.repaired ?? [] },
    { ref: 'three/retriever', family: 'three' },
  );
  const work = workOver(fakeRouter({ solver, retriever: third }));
  // Nothing else of these is asked for by an answer.
  const parts = { maxIterations: 3, sources, contextTokens: 8_000 } as unknown as WorkflowParts;
  const room = { contextTokens: 8_000, codec: 'fenced', findings: 'any' } as const;
  const document = documentOf(1);
  const input: WorkflowInput = {
    work,
    document,
    view: {} as WorkflowInput['view'],
    files: filesIn(new Map()),
    parts,
    route: { workers, controls: { debate: false, maxRounds: 1 } },
    begin: async () => {
      const from = { document, spec: '', base: async () => null, answerFrom: sources };
      const { parts: prompt, pack } = await ragQa.prompt(work.task, from, room);
      return { prompt, shown: pack.shownFiles };
    },
    keepRound: async () => undefined,
    rejected: async () => null,
    authorsOf: async () => [],
  };
  const end = await ragQa.run(input);
  if ('moved' in end || end.deliverable.kind !== 'answer') throw new Error('It gives an answer');
  const shown = solver.requests[0]?.parts.find(({ name }) => name === 'sources')?.text ?? '';
  return { ...end, answer: end.deliverable, asked, shown, calls: third.requests.length };
}

describe('a retriever of the route', () => {
  test('is asked once, and what its searches find is shown and may be cited', async () => {
    const found = await run({
      searches: [{ searches: ['retry backoff', ' retry  backoff ', '', '???'] }],
      answers: [citing('docs/backoff.md')],
    });
    expect(found.status).toBe('done');
    expect(found.answer.citations.map(({ path }) => path)).toEqual(['docs/backoff.md']);
    expect(found.shown).toContain('docs/plain.md');
    expect(found.shown).toContain('docs/backoff.md');
    // The first is that of the plain prompt.
    expect(found.asked).toHaveLength(3);
    expect(found.asked.at(-1)).toBe('retry backoff');
    expect(found.calls).toBe(1);
  });

  test('finds what has no word in common with the question', async () => {
    const given = { searches: [{ searches: ['backoff'] }], answers: [citing('docs/backoff.md')] };
    expect(await run({ ...given, plain: [] })).toMatchObject({ status: 'done', calls: 1 });
    const without = await run({ ...given, plain: [], workers: [] });
    expect(without).toMatchObject({ status: 'needs_review', calls: 0 });
  });

  test('that says many searches, or overlong ones, is heard for five', async () => {
    const many = ['x'.repeat(301), ...Array.from({ length: 9 }, (_, at) => `word${at} backoff`)];
    const { asked } = await run({
      searches: [{ searches: many }],
      answers: [citing('docs/plain.md')],
    });
    expect(asked.slice(2)).toEqual(many.slice(1, 6));
  });

  const gone = new ModelError({ kind: 'network', model: 'three/retriever', message: 'gone' });
  test.each<[string, FakeReply[], FakeReply[]]>([
    ['cannot be reached', [gone], []],
    ['says no JSON twice', ['I would search.'], ['For what?']],
    ['says nothing to search for', [{ searches: [] }], []],
  ])('that %s leaves the words of the question', async (_what, searches, repaired) => {
    const found = await run({ searches, repaired, answers: [citing('docs/plain.md')] });
    expect(found.status).toBe('done');
    expect(found.asked).toHaveLength(1);
  });

  test('where none is named nobody is asked', async () => {
    const found = await run({ workers: [], answers: [citing('docs/plain.md')] });
    expect(found).toMatchObject({ status: 'done', calls: 0 });
    expect(found.asked).toHaveLength(1);
  });
});
