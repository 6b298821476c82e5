/** A small feature for the terminal tests: T1 and T3 are approved at once, T2 only after a person's words. */
export interface GreetingOptions {
  /** The stage of T1, or of the plan, that takes its time, so that it can be stopped. */
  readonly slow?: 'execute' | 'review' | 'spec';
  /** Milliseconds for each twelve characters of it. */
  readonly pieceMs?: number;
  /** T2 is approved like the others. */
  readonly easy?: boolean;
}

export const brief = `# Greeting

A command line tool that greets people.

- It greets by name.
- Without a name it greets the world.
`;

/** The feature's name, as made from the brief. */
export const greeting = 'greeting';

/** A script for the `scripted` provider, as docs/scripts.md describes it. */
export function greetingScript({
  slow,
  pieceMs = 250,
  easy = false,
}: GreetingOptions = {}): string {
  const pace = (stage: GreetingOptions['slow']) => ({
    chunk: 12,
    delayMs: slow === stage ? pieceMs : 1,
  });
  const entries = [
    { when: { stage: 'clarify' }, reply: { json: { questions } } },
    { when: { stage: 'spec' }, reply: { lines: spec }, ...pace('spec') },
    { when: { stage: 'plan' }, reply: { json: { requirements, tasks } } },
    { when: { stage: 'refine' }, reply: { json: { tasks, removed: [], notes: [] } } },
    {
      when: { stage: 'execute', task: 'T1' },
      reply: { lines: bundle('README.md', readme) },
      ...pace('execute'),
    },
    {
      when: { stage: 'review', task: 'T1' },
      reply: { json: accepted('A readable start.') },
      ...pace('review'),
    },
    {
      when: { stage: 'execute', task: 'T2' },
      reply: { lines: bundle('src/greet.js', [code('Hello')]) },
    },
    ...(easy
      ? [{ when: { stage: 'review', task: 'T2' }, reply: { json: accepted('It greets.') } }]
      : stubborn),
    {
      when: { stage: 'execute', task: 'T3' },
      reply: { lines: bundle('src/world.js', ["export const world = 'world';"]) },
    },
    { when: { stage: 'review', task: 'T3' }, reply: { json: accepted('One word, and right.') } },
  ];
  const header = { script: 1, note: 'Hand-written for tests of the terminal.' };
  return [header, ...entries].map((line) => `${JSON.stringify(line)}\n`).join('');
}

const questions = [
  {
    question: 'Which language are the greetings in?',
    why: 'The brief does not say.',
    suggestion: 'English',
  },
  {
    question: 'Is a greeting printed or returned?',
    why: 'Tests are easier when it is returned.',
    suggestion: 'returned',
  },
];

const spec = [
  '# Greeting',
  '',
  '## Overview',
  '',
  'A tool that greets people by name.',
  '',
  '## Requirements',
  '',
  '### R1: It greets by name',
  '',
  '- `greet("Ada")` gives `Hello, Ada!`.',
  '',
  '### R2: Without a name it greets the world',
  '',
  '- `greet()` gives `Hello, world!`.',
  '',
];

const requirements = [
  {
    id: 'R1',
    text: 'It greets by name',
    acceptance: ['`greet("Ada")` gives `Hello, Ada!`.'],
  },
  {
    id: 'R2',
    text: 'Without a name it greets the world',
    acceptance: ['`greet()` gives `Hello, world!`.'],
  },
];

const task = (
  id: string,
  title: string,
  type: string,
  file: string,
  dependsOn: string[],
  requirement: string,
) => ({
  id,
  title,
  description: `${title}, and no more.`,
  type,
  dependsOn,
  requirements: [requirement],
  acceptance: [`${file} does it.`],
  files: [file],
  complexity: 2,
  category: 'backend',
  workflow: 'coding',
});

const tasks = [
  task('T1', 'Write the readme', 'boilerplate', 'README.md', [], 'R1'),
  task('T2', 'Greet by name', 'code', 'src/greet.js', ['T1'], 'R1'),
  task('T3', 'Name the world', 'code', 'src/world.js', ['T1'], 'R2'),
];

export const readme = Array.from(
  { length: 40 },
  (_, index) => `Line ${index + 1} of the readme says how people are greeted.`,
);

const code = (word: string): string =>
  `export const greet = (name = 'world') => \`${word}, \${name}!\`;`;

function bundle(path: string, lines: readonly string[]): string[] {
  return [`FILE: ${path}`, '````', ...lines, '````', ''];
}

const scores = { correctness: 0.9, consistency: 0.9, safety: 1, efficiency: 0.9, clarity: 0.9 };

function accepted(summary: string) {
  return { verdict: 'accept', summary, scores, findings: [] };
}

const rude = {
  verdict: 'revise',
  summary: 'The greeting is not warm enough.',
  scores: { ...scores, correctness: 0.3 },
  findings: [
    {
      category: 'correctness',
      severity: 'major',
      evidence: 'The greeting is cold.',
      location: 'src/greet.js:1',
      fixHint: 'Greet more warmly.',
      cites: 'T2.1',
    },
  ],
};

const held = {
  findings: [{ id: 'F1', verdict: 'holds', reasons: 'src/greet.js:1 says Hello.' }],
};

/** The same finding twice is no progress, so the work waits for a person, whose words settle it. */
const stubborn = [
  { when: { stage: 'second-read', task: 'T2' }, reply: { json: held }, times: 2 },
  { when: { stage: 'review', task: 'T2', attempt: 1 }, reply: { json: rude }, times: 2 },
  {
    when: { stage: 'correct', task: 'T2', attempt: 1 },
    reply: { lines: bundle('src/greet.js', [code('Good day')]) },
  },
  {
    when: { stage: 'correct', task: 'T2', contains: ['Dearest'] },
    reply: { lines: bundle('src/greet.js', [code('Dearest')]) },
  },
  {
    when: { stage: 'review', task: 'T2', attempt: 2 },
    reply: { json: accepted('Warm, as was asked.') },
  },
];
