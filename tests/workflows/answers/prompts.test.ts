import { expect, test } from 'vitest';
import { answerPrompt } from '../../../src/workflows/answers/answer-prompt.ts';
import {
  approachPart,
  approaches,
  earlierPart,
  verifyPrompt,
  type AnswerKind,
} from '../../../src/workflows/answers/answer-prompts.ts';
import { groupsOf } from '../../../src/workflows/answers/vote.ts';
import { citationFaults, ragPrompt } from '../../../src/workflows/rag/rag-prompt.ts';
import { retrievePrompt } from '../../../src/workflows/rag/retrieve.ts';
import { verifyClaimsPrompt } from '../../../src/workflows/rag/verify-claims.ts';
import { routePrompt } from '../../../src/workflows/route/route-prompt.ts';
import * as sample from '../../helpers/prompt-samples.ts';
import { shownPrompt } from '../../helpers/shown-prompt.ts';
import { solution } from './solutions.ts';

const [task] = sample.tasks.filter(({ id }) => id === 'T3');
if (task === undefined) throw new Error('The sample has a task T3');
const base = async (path: string) => sample.projectFiles[path] ?? null;
const sources = { document: sample.document, spec: sample.spec, base };
const room = { contextTokens: 8_000, codec: 'fenced' } as const;

test.each<AnswerKind>(['reasoning', 'science'])('what solvers of %s are asked', async (kind) => {
  const { parts } = await answerPrompt(kind, task, sources, room);
  const more = [earlierPart('A1 forgets the sign.'), approachPart(approaches[0])];
  expect(shownPrompt([...parts, ...more])).toMatchSnapshot();
});

test.each<AnswerKind>(['reasoning', 'science'])('what the verifier of %s is asked', (kind) => {
  const program = { language: 'python', code: 'print(6 * 7)' } as const;
  const ran = {
    kind: 'ran',
    output: '42',
    end: 'exit code 0',
    agrees: true,
    isolated: true,
  } as const;
  const groups = groupsOf([
    solution(
      'S1',
      '42',
      kind === 'science' ? { program, computed: ran, claims: ['6 is even'] } : {},
    ),
    solution('S2', '43'),
  ]);
  expect(shownPrompt(verifyPrompt(kind, [], groups))).toMatchSnapshot();
});

test('what is asked of who answers from sources', async () => {
  const answerFrom = {
    isEmpty: async () => false,
    search: async () => [
      { path: 'docs/b.md', line: 7, text: 'Best.\nIt fits.' },
      { path: 'docs/a.md', line: 9, text: 'Nine.' },
      { path: 'docs/a.md', line: 1, text: 'One.' },
    ],
    read: async () => null,
    passedOver: async () => Array.from({ length: 30 }, (_, at) => `${at}.png: no text`),
  };
  const { parts, pack } = await ragPrompt(task, { ...sources, answerFrom }, room);
  expect(shownPrompt([...parts, ...citationFaults('{}', ['a.md:3: no'])])).toMatchSnapshot();
  expect(pack.shownFiles).toEqual(['docs/b.md', 'docs/a.md']);
  expect(pack.leftOut).toHaveLength(21);
  expect(pack.leftOut.at(-1)).toBe('and 10 more');
});

test('what a retriever is asked', () => {
  expect(shownPrompt(retrievePrompt('How often is a call tried?'))).toMatchSnapshot();
});

test('what the verifier of claims is asked', () => {
  const citations = [{ path: 'a.md', firstLine: 1, lastLine: 1, quote: 'It is blue.' }];
  const claims = [{ statement: 'The sky is blue.', citations }];
  expect(shownPrompt(verifyClaimsPrompt(claims, 'What colour has the sky?'))).toMatchSnapshot();
});

test.each(['cost', 'quality'] as const)('what a router is asked, %s first', (policy) => {
  const models = [{ model: 'anthropic/claude-sonnet-5-5', family: 'claude' }];
  expect(shownPrompt(routePrompt('Why is the sky blue?', { policy, models }))).toMatchSnapshot();
});
