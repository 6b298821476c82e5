import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planFindings } from '../../src/domain/graph.ts';
import { planReplySchema, type PlanReply } from '../../src/domain/plan.ts';
import { renderSpec, requirementsOf, sectionsOf } from '../../src/domain/spec.ts';
import { requirementSchema, taskSchema } from '../../src/domain/task.ts';
import { withoutControls } from '../../src/domain/text.ts';
import { specOf as specDocumentOf } from '../../src/rules/spec.ts';
import { planOf } from '../../src/rules/plan.ts';

function specOf(brief: string, answers: readonly string[] = []): string {
  return renderSpec(specDocumentOf(brief, answers));
}

/** What must hold for any brief. */
function soundPlan(brief: string): { spec: string; plan: PlanReply } {
  const spec = specOf(brief);
  expect(withoutControls(spec)).toBe(spec);
  const stated = requirementsOf(spec);
  expect(stated.length).toBeGreaterThan(0);
  expect(stated.length).toBeLessThanOrEqual(40);
  const plan = planReplySchema.parse(planOf(spec));
  expect(plan.requirements).toEqual(stated);
  const tasks = plan.tasks.map((task) => taskSchema.parse(task));
  const requirements = plan.requirements.map((one) => requirementSchema.parse(one));
  expect(planFindings(tasks, requirements)).toEqual([]);
  expect(tasks.map(({ id }) => id)).toEqual(tasks.map((_, index) => `T${index + 1}`));
  expect(tasks[0]?.type).toBe('architecture');
  expect(tasks.at(-1)?.type).toBe('review');
  // Covered by work, not by the design and the review that speak of all.
  const built = tasks.filter(({ type }) => type === 'code' || type === 'boilerplate');
  const covered = new Set(built.flatMap((task) => task.requirements));
  expect(requirements.filter(({ id }) => !covered.has(id))).toEqual([]);
  for (const task of tasks.filter(({ type }) => type === 'code')) {
    expect(task.acceptance.join(' ')).toContain(task.files.at(-1));
    expect(task.files).toHaveLength(2);
  }
  const paths = built.flatMap((task) => task.files);
  expect(new Set(paths).size).toBe(paths.length);
  return { spec, plan };
}

function section(spec: string, heading: string): string {
  return sectionsOf(spec).find((candidate) => candidate.heading === heading)?.body ?? '';
}

const statusPage = `# Status page

Our team hosts six small services and people keep asking in chat whether one of them is down.
Last month we had an outage that nobody noticed for hours.

## Checking

The service must poll each URL every 60 seconds. A check counts as failed after a timeout of 5 s or
any status >= 500.

- Failed checks are retried once
  - after 10 seconds
  - with the same timeout
- Results are stored in SQLite

As an operator I want to add and remove URLs in a YAML file, so that no redeploy is needed.

## The page

- Show each service with its current state (\`up\`, \`down\`, \`unknown\`)
- Show uptime over the last 24 hours, computed from the stored results
- The page should load within 500 ms

## Alerts

When a service goes down, send a message to a webhook. Alerts must not be sent more than once per outage.

\`\`\`json
{"service": "billing", "state": "down"}
\`\`\`

## Non-goals

- user accounts
- SMS

## Constraints

- Python 3.11, no dependencies beyond the standard library and PyYAML
- Must run on Debian 12

## Documentation

The README must explain how to add a URL.

Should the page be public?
`;

describe('a brief with structure', () => {
  it('gives requirements with criteria, and keeps the rest in its place', () => {
    const { spec, plan } = soundPlan(statusPage);
    const texts = plan.requirements.map(({ text }) => text);
    expect(texts).toEqual([
      'The service must poll each URL every 60 seconds.',
      'A check counts as failed after a timeout of 5 s or any status >= 500.',
      'Failed checks are retried once',
      'Results are stored in SQLite',
      'As an operator I want to add and remove URLs in a YAML file, so that no redeploy is needed.',
      'Show each service with its current state (up, down, unknown)',
      'Show uptime over the last 24 hours, computed from the stored results',
      'The page should load within 500 ms',
      'When a service goes down, send a message to a webhook.',
      'Alerts must not be sent more than once per outage.',
      'The README must explain how to add a URL.',
    ]);
    const criteria = (index: number) => plan.requirements[index]?.acceptance;
    expect(criteria(1)).toEqual([
      'A test checks «timeout of 5 s» at the limit and just beyond it.',
      'A test checks «>= 500» at the limit and just beyond it.',
    ]);
    expect(criteria(2)).toEqual(['after 10 seconds', 'with the same timeout']);
    expect(criteria(5)).toEqual(['A test uses what the brief names: «up», «down», «unknown».']);
    expect(criteria(9)?.[0]).toContain('{"service": "billing", "state": "down"}');
    expect(section(spec, 'Overview')).toContain('nobody noticed for hours');
    expect(section(spec, 'Non-goals')).toBe('- user accounts\n- SMS');
    expect(section(spec, 'Constraints')).toContain('- Must run on Debian 12');
    expect(section(spec, 'Open questions')).toBe('- Should the page be public?');
  });

  it('gives tasks by section, in the language of the brief, with dependencies by words', () => {
    const { plan } = soundPlan(statusPage);
    const rows = plan.tasks.map(({ type, title, dependsOn, files }) => [
      type,
      title,
      dependsOn.join(' '),
      files.join(' '),
    ]);
    expect(rows).toEqual([
      ['architecture', 'Design Status page', '', 'docs/design.md'],
      ['boilerplate', 'Set up the Python project', 'T1', 'pyproject.toml .gitignore'],
      ['code', 'Implement Checking', 'T1 T2', 'src/checking.py tests/test_checking.py'],
      ['code', 'Implement The page', 'T1 T2 T3', 'src/page.py tests/test_page.py'],
      ['code', 'Implement Alerts', 'T1 T2', 'src/alerts.py tests/test_alerts.py'],
      ['boilerplate', 'Write the documentation', 'T3 T4 T5', 'README.md'],
      ['review', 'Review the whole against the requirements', 'T2 T3 T4 T5 T6', ''],
    ]);
    expect(plan.tasks[1]?.acceptance).toContain('Holds: Must run on Debian 12');
  });

  it('takes up the answers to questions', () => {
    const spec = specOf('Build a chess clock.', [
      'It must support up to four players.',
      'no sound',
    ]);
    expect(requirementsOf(spec).map(({ text }) => text)).toContain(
      'It must support up to four players.',
    );
    expect(section(spec, 'Non-goals')).toBe('- no sound');
  });

  it('puts acceptance criteria to the requirement they speak of, and merges what is said twice', () => {
    const spec = specOf(
      [
        'CSV merger',
        '',
        'The tool must:',
        '- read two CSV files',
        '- join files by a key column',
        '',
        'The tool must support these encodings:',
        '- UTF-8',
        '- Latin-1',
        '',
        'The tool must read two CSV files.',
        '',
        'Out of scope:',
        '- Excel',
        '',
        'Acceptance criteria:',
        '- joining files by a missing key column ends with exit code 2',
      ].join('\r\n'),
    );
    expect(requirementsOf(spec)).toMatchObject([
      { id: 'R1', text: 'The tool must read two CSV files' },
      {
        id: 'R2',
        text: 'The tool must join files by a key column',
        acceptance: ['joining files by a missing key column ends with exit code 2'],
      },
      { id: 'R3', text: 'The tool must support these encodings', acceptance: ['UTF-8', 'Latin-1'] },
    ]);
    expect(section(spec, 'Non-goals')).toBe('- Excel');
  });

  it('reads scenarios and tables', () => {
    const scenarios = requirementsOf(
      specOf(
        '# Login\n\n```gherkin\nScenario: wrong password\n  Given a user\n  When the password is wrong\n  Then access is denied\n```\n',
      ),
    );
    expect(scenarios).toEqual([
      {
        id: 'R1',
        text: 'wrong password',
        acceptance: ['Given a user', 'When the password is wrong', 'Then access is denied'],
      },
    ]);
    const rows = requirementsOf(
      specOf(
        '| ID | Requirement | Priority |\n|--|--|--|\n| 1 | User logs in with email | high |\n| 2 | User resets password | low |\n',
      ),
    );
    expect(rows).toEqual([
      { id: 'R1', text: 'User logs in with email', acceptance: ['Priority: high'] },
      { id: 'R2', text: 'User resets password', acceptance: ['Priority: low'] },
    ]);
  });
});

describe('briefs of odd form', () => {
  it.each([
    ['one sentence', 'a todo app', ['a todo app']],
    ['only a heading', '# Chess clock', ['Chess clock']],
    ['only headings', '# Shop\n## Cart\n## Checkout', ['Cart', 'Checkout']],
    [
      'numbered lines with CRLF',
      'Write a Go program that watches a folder.\r\n\r\n1) config in YAML\r\n2) no GUI',
      ['Write a Go program that watches a folder.', 'config in YAML'],
    ],
    [
      'German',
      'Die Rechnungen liegen in Ordnern. Die App muss PDF exportieren. Benutzer sollen sich anmelden.',
      ['Die App muss PDF exportieren.', 'Benutzer sollen sich anmelden.'],
    ],
    [
      'Chinese',
      '用户必须能够添加任务。用户可以删除任务。',
      ['用户必须能够添加任务。', '用户可以删除任务。'],
    ],
    [
      'a language without rules',
      'Ohjelma lukee tiedoston. Tulos näytetään.',
      ['Ohjelma lukee tiedoston.', 'Tulos näytetään.'],
    ],
    [
      'bullets of a word processor',
      '• Add a task\n• Remove a task',
      ['Add a task', 'Remove a task'],
    ],
    [
      'requirement ids',
      'REQ-1: The tool must start\nREQ-2: The tool must stop',
      ['The tool must start', 'The tool must stop'],
    ],
    ['front matter', '---\ntitle: x\ndate: y\n---\nThe tool must start.', ['The tool must start.']],
    [
      'nothing that can be read',
      '??? --- ***',
      ['Settle what is to be built: the brief says nothing'],
    ],
  ])('%s', (_, brief, expected) => {
    const { plan } = soundPlan(brief);
    expect(plan.requirements.map(({ text }) => text)).toEqual(expected);
  });

  it('groups what is too much, and says what it grouped', () => {
    const sections = Array.from({ length: 30 }, (_, index) =>
      [
        `## Part ${index} of the product`,
        ...Array.from(
          { length: 40 },
          (_, line) =>
            `The module ${index} must handle case number ${line} of kind ${index * 40 + line}.`,
        ),
      ].join('\n\n'),
    );
    const brief = `# Large\n\n${sections.join('\n\n')}\n\n${'Some more history of the project. '.repeat(4000)}`;
    expect(brief.length).toBeGreaterThan(200_000);
    const { spec, plan } = soundPlan(brief);
    expect(section(spec, 'Overview')).toContain('The brief makes 1200 points');
    expect(
      plan.requirements.some(({ text }) =>
        /further \d+ points on Part \d+ of the product/.test(text),
      ),
    ).toBe(true);
    expect(plan.tasks.length).toBeLessThanOrEqual(16);
  });

  it.each([
    ['quotes in quotes', '>'.repeat(100_000)],
    ['lists in lists', `${'- '.repeat(50_000)}x`],
    ['brackets', '['.repeat(300_000)],
    ['backticks', '`a'.repeat(100_000)],
    ['one long line', 'The tool must do this and that '.repeat(7_000)],
    ['terminal codes', 'The tool \u001b[31mmust\u001b[0m beep\u0007 and \u009b2Jclear.'],
    ['other headings', '# R1: a\n## R2: b\n- R3: The tool must c\n- R3: The tool must d'],
    ['open comment and fence', 'The tool must a.\n\n<!-- x\n\n```\nThe tool must b.\n\n<script>'],
  ])('survives %s', (_, brief) => {
    soundPlan(brief);
  });

  it('gives a sound plan for anything', () => {
    const word = fc.constantFrom(
      'the',
      'tool',
      'must',
      'user',
      'can',
      'add',
      'file',
      'not',
      'README',
      'R1',
      '`x`',
      '**b**',
      '60',
      'ms',
      'why?',
      'uses',
      'page',
      'after',
      '__proto__',
      '<br>',
      '<!--',
      '任务',
      'constructor',
      '|',
      '#',
      '-',
      '\u001b[2J',
    );
    const sentence = fc
      .array(word, { minLength: 1, maxLength: 12 })
      .map((words) => words.join(' '));
    const line = fc.oneof(
      sentence,
      sentence.map((text) => `- ${text}`),
      sentence.map((text) => `  - ${text}`),
      sentence.map((text) => `## ${text}`),
      sentence.map((text) => `${text}:`),
      sentence.map((text) => `| ${text} | b |`),
      fc.constantFrom(
        '',
        '```',
        '---',
        '===',
        '> q',
        '|-|-|',
        '## Non-goals',
        '## Constraints',
        'Questions:',
        '1. x',
      ),
      fc.string({ unit: 'binary', maxLength: 30 }),
    );
    const brief = fc
      .tuple(fc.array(line, { maxLength: 40 }), fc.constantFrom('\n', '\r\n', '\n\n'))
      .map(([lines, end]) => lines.join(end));
    fc.assert(
      fc.property(brief, (text) => {
        soundPlan(text);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a spec from elsewhere', () => {
  it('gives tasks by the headings that its requirements stand below', () => {
    const plan = planOf(
      '# X\n\n## Reading\n\n### R1: Parse durations\n\n### R2: Refuse text\n\n## Constraints\n\n- Python 3.11\n\n### R3: Format durations\n',
    );
    const code = plan.tasks.filter(({ type }) => type === 'code');
    expect(code.map(({ title, requirements }) => [title, ...requirements])).toEqual([
      ['Implement Reading', 'R1', 'R2'],
      ['Format durations', 'R3'],
    ]);
    expect(plan.tasks[1]?.acceptance).toContain('Holds: Python 3.11');
  });

  it('keeps its requirement ids', () => {
    const plan = planOf(
      '# X\n\n## Requirements\n\n### R3: Parse durations\n\n- `1h` gives 3600\n\n### R7: Format durations\n',
    );
    expect(plan.requirements.map(({ id }) => id)).toEqual(['R3', 'R7']);
  });

  it('that states none in our form is read as a brief', () => {
    const plan = planOf('# X\n\nThe tool must start.\n\nThe tool must stop.\n');
    expect(plan.requirements.map(({ text }) => text)).toEqual([
      'The tool must start.',
      'The tool must stop.',
    ]);
  });
});

describe('briefs that are no tidy lists', () => {
  it.each([
    ['German', 'Wir brauchen eine Übersicht.\n\nDie Daten werden exportiert.', 2],
    ['French', 'Il faut afficher le temps. L’utilisateur peut choisir la durée.', 2],
    ['Chinese', '用户可以暂停。需要保存历史记录。', 2],
  ])('%s sentences that ask for something are requirements', (_language, brief, count) => {
    expect(specDocumentOf(brief).requirements).toHaveLength(count);
  });

  it('a table is read by the column that says what is wanted, in any language', () => {
    const table = '| Pfad | Zweck |\n|---|---|\n| /users | Liste der Nutzer |\n';
    const [first] = specDocumentOf(table).requirements;
    expect(first).toMatchObject({ text: 'Liste der Nutzer', acceptance: ['Pfad: /users'] });
  });

  it('facts, greetings and what is not understood are no requirements, and are listed', () => {
    const table =
      '# Books\n\n| Name | Value |\n|---|---|\n| Budget | 500 EUR |\n\nThe app must list books.\n';
    const { requirements, openQuestions } = specDocumentOf(table);
    expect(requirements.map(({ text }) => text)).toEqual(['The app must list books.']);
    expect(openQuestions.join()).toContain('Not taken as a requirement: «Budget: 500 EUR»');
    const mail = specDocumentOf('The import breaks for umlauts in long names.\n\nthx, Bob\n');
    expect(mail.requirements).toHaveLength(1);
    expect(mail.openQuestions.join()).toContain('«thx, Bob»');
  });
});
