import { afterAll } from 'vitest';
import type { ReceivedRequest, Reply } from './loopback/server.ts';
import { startAnthropicServer } from './loopback/anthropic-server.ts';
import { startGoogleServer } from './loopback/google-server.ts';
import { startOpenAiServer } from './loopback/openai-server.ts';

/** A proposal of a few sections, with faults for critics to find. */
export const proposal = `# Move sessions to Redis

## Problem

Sessions live in the memory of each web server, so a deploy logs everybody out.

## Proposal

All servers share one Redis instance. A session is written with SET and no expiry, so that nobody is
logged out by surprise. When Redis cannot be reached, requests are served without a session.

## Rollout

We switch all servers at once on Friday evening. There is no way back, as the old store is deleted first.
`;

const issue = (id: string, severity: string, title: string, quote: string) => ({
  id,
  severity,
  title,
  claim: `${title}: the proposal accepts it without a reason.`,
  evidence: [quote],
  breaks: 'Users, on the first evening.',
});

/** By the words of the task, which every dialect carries. */
export type Phase =
  | 'baseline'
  | 'round'
  | 'judge'
  | 'peer-review'
  | 'answers'
  | 'replies'
  | 'final'
  | 'checklist';

export function phaseOf({ prompt }: ReceivedRequest): Phase {
  const last = prompt.slice(-1_500);
  const words: readonly (readonly [Phase, string])[] = [
    ['checklist', 'Your checklist leaves out'],
    ['final', 'Write its final position'],
    ['replies', 'The proposal’s strategist answered'],
    ['answers', 'Answer each of these issues'],
    ['peer-review', 'Your criticism was chosen'],
    ['judge', 'Who serves better?'],
    ['round', 'Respond to issues of the others'],
    ['baseline', 'Give your own issues'],
  ];
  const found = words.find(([, text]) => last.includes(text));
  if (found === undefined) throw new Error(`No phase of a debate: ${last}`);
  return found[0];
}

/** Whether a request is one of a debate. */
export function isDebate({ prompt }: ReceivedRequest): boolean {
  return /You are one of several critics|You speak for a proposal|attacked a proposal/.test(prompt);
}

/** Ids that a task asks about, as it names them at its end. */
function askedIds({ prompt }: ReceivedRequest): string[] {
  const last = prompt.trimEnd().split('\n').at(-1) ?? '';
  return [...new Set(last.match(/\bI\d+\b/g))];
}

function allIds({ prompt }: ReceivedRequest): string[] {
  return [...new Set([...prompt.matchAll(/^(I\d+) \(/gm)].map(([, id]) => id ?? ''))];
}

/** What each phase is answered with; the second critic is told by its lens. */
export const replies: Readonly<Record<Phase, (request: ReceivedRequest) => object>> = {
  baseline: ({ prompt }) => {
    const isSecond = prompt.includes('Look above all at security');
    return {
      summary: isSecond ? 'The rollout cannot be taken back.' : 'One instance is one fault away.',
      nothingBlocks: false,
      issues: isSecond
        ? [
            issue('S1', 'blocker', 'The rollout cannot be taken back', 'There is no way back'),
            issue('S2', 'major', 'Nobody sees that Redis is down', 'a quote that is not there'),
            issue(
              'S3',
              'major',
              'Sessions never expire',
              'A session is written with SET and no expiry',
            ),
          ]
        : [
            issue(
              'S1',
              'major',
              'One Redis is a single point of failure',
              'share one Redis instance',
            ),
            issue('S2', 'major', 'Sessions never expire', 'SET and no expiry, so that nobody is'),
          ],
    };
  },
  round: () => ({
    summary: 'I have no new issues.',
    responses: [{ issue: 'I1', stance: 'agree', reason: 'It is one.' }],
    issues: [],
    noNewIssues: true,
  }),
  judge: ({ prompt }) => ({
    reasons: 'It names the rollout, which decides.',
    better:
      prompt.indexOf('cannot be taken back') < prompt.indexOf('single point of failure')
        ? 'A'
        : 'B',
  }),
  'peer-review': () => ({
    maintained: ['I3', 'I4'],
    adopted: ['I1', 'I2'],
    contested: [],
    recommendedPath: 'Roll out server by server, and keep the old store for a week.',
  }),
  answers: (request) => ({
    answers: askedIds(request).map((id) => ({
      issue: id,
      stance: id === 'I1' ? 'escalate' : id === 'I4' ? 'defend' : 'concede',
      reason: 'It is so.',
      change: id === 'I1' || id === 'I4' ? null : `Mend ${id}.`,
    })),
  }),
  replies: (request) => ({
    replies: askedIds(request).map((id) => ({ issue: id, stance: 'accept', reason: 'Settled.' })),
  }),
  final: (request) => ({
    summary: 'Four issues, two conceded.',
    verdict: 'CONDITIONAL',
    kinds: [
      { issue: 'I1', kind: 'trade_off' },
      { issue: 'I2', kind: 'technical_fact' },
    ],
    resolved: [{ issue: 'I2', how: 'Sessions get an expiry.' }],
    decisions: [
      {
        question: 'Is a second Redis worth its price?',
        options: ['yes', 'no'],
        recommendation: 'yes',
        issues: ['I1'],
      },
    ],
    actions: [
      {
        title: 'Give sessions an expiry of 30 days',
        detail: 'SET with EX.',
        priority: 'high',
        effort: 'small',
        section: 'Proposal',
        issues: ['I2', 'I99'],
      },
      {
        title: 'Keep the old store for a week',
        detail: 'Switch one server first.',
        priority: 'high',
        effort: 'medium',
        section: 'Rollout',
        issues: ['I3'],
      },
    ],
    dissent: [{ issue: 'I4', position: 'An alarm costs nothing and is missing.' }],
    sections: [{ section: 'Rollout', issues: ['I3'] }],
    recommendation: 'Build it once the rollout can be taken back.',
    checklist: allIds(request).map((id) => ({
      issue: id,
      status: id === 'I4' ? 'rejected' : 'addressed',
      note: 'See the actions.',
    })),
  }),
  checklist: (request) => ({
    checklist: askedIds(request).map((id) => ({ issue: id, status: 'deferred', note: 'Later.' })),
  }),
};

export function debateReply(request: ReceivedRequest): Reply {
  return { json: replies[phaseOf(request)](request) };
}

/** Starts servers of three vendors for the tests of a file, which are closed after them. */
export function vendorServers() {
  const open: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const close of open) await close();
  });
  return async (reply: Parameters<typeof threeVendors>[0]) => {
    const vendors = await threeVendors(reply);
    open.push(vendors.close);
    return vendors;
  };
}

/** Servers of three vendors, and the environment that leads there; closed by whoever started them. */
export async function threeVendors(reply: (request: ReceivedRequest) => Reply | Promise<Reply>) {
  const claude = await startAnthropicServer(reply);
  const gpt = await startOpenAiServer(reply);
  const gemini = await startGoogleServer(reply);
  return {
    claude,
    gpt,
    gemini,
    requests: () => [...claude.requests, ...gpt.requests, ...gemini.requests],
    close: async () => {
      for (const server of [claude, gpt, gemini]) await server.close();
    },
    env: {
      ANTHROPIC_API_KEY: 'sk-ant-x',
      ANTHROPIC_BASE_URL: claude.url,
      OPENAI_API_KEY: 'sk-x',
      OPENAI_BASE_URL: gpt.url,
      GEMINI_API_KEY: 'g-x',
      GOOGLE_GEMINI_BASE_URL: gemini.url,
      BLUEPRINT_ROLE_STRATEGIST: 'anthropic/claude-opus-5-5',
      BLUEPRINT_ROLE_CRITIC: 'openai/gpt-5.6-sol,google/gemini-3.1-pro-preview',
      BLUEPRINT_ROLE_JUDGE: 'anthropic/claude-sonnet-5-5',
    },
  };
}
