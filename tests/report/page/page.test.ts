import { describe, expect, test } from 'vitest';
import { runEventSchema, type RunEvent } from '../../../src/domain/event.ts';
import { featureDocumentSchema, newTask } from '../../../src/domain/task.ts';
import { pageMark, reportPage } from '../../../src/report/page/page.ts';
import { call, event, feature, sampleReport } from '../sample-report.ts';

/** Tags and attributes that pages are made of. @throws where something of a page is neither tag nor text */
function markupOf(page: string): { tags: Set<string>; attributes: Map<string, Set<string>> } {
  const tags = new Set<string>();
  const attributes = new Map<string, Set<string>>();
  const [, afterSheet = ''] = page.split('</style>');
  const rest = afterSheet.replace(
    /<\/?([a-z][a-z0-9]*)((?:\s+[a-zA-Z][a-zA-Z0-9-]*(?:="[^"<>]*")?)*)\s*\/?>/g,
    (_tag, name: string, inside: string) => {
      tags.add(name);
      for (const [, attribute = '', value = ''] of inside.matchAll(
        /([a-zA-Z][a-zA-Z0-9-]*)(?:="([^"]*)")?/g,
      ))
        attributes.set(attribute, (attributes.get(attribute) ?? new Set()).add(value));
      return '';
    },
  );
  expect(rest.slice(Math.max(0, rest.indexOf('<') - 80)).slice(0, 200)).not.toMatch(/[<>]/);
  return { tags, attributes };
}

describe('the page', () => {
  const page = reportPage(sampleReport());

  test('begins with its mark and forbids all but its own sheet', () => {
    expect(page.startsWith(pageMark)).toBe(true);
    expect(page).toMatch(
      /content="default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; base-uri 'none'; form-action 'none'"/,
    );
    expect(page).not.toMatch(
      /<script|<link|<img|<iframe|url\(|@import|https?:|\sstyle=|\son[a-z]+=/,
    );
  });

  test('says what there is to say', () => {
    for (const words of [
      'Link checker',
      '1 task to be reviewed by you',
      'Covered by no task:</strong> R3',
      'the critical path, T1 → T2, took 17 s of it (77 %)',
      'nothing was run for 5 s',
      'a &lt; b',
      'two/critic',
      'src/near.js',
      'is imported',
      'Left out:',
      '+if (a &lt; b) {}',
      '7 more lines left out here',
      'Forty-two.',
      'sent back',
      'Say more. ',
      'applied the work',
      'Something is odd',
      '2 times',
      'The plan is short',
      'CONDITIONAL',
      'we delete the old store',
      '(not in the proposal)',
      'The critic insists: For a week.',
      'A month would be better.',
      'Not answered:</strong> I9',
      '.blueprint/asks/x-1',
      'It reads nothing',
      'in doubt: it names no line',
      '1 journal line could not be read',
    ])
      expect(page.replace(/\s+/g, ' '), words).toContain(words.trim());
  });

  test('shows a removed line that looks like the head of a file as a line', () => {
    expect(page).toMatch(/class="removed">--- a line that is gone/);
    expect(page).toMatch(/class="file">--- \/dev\/null/);
  });

  test('leads to nothing but its own places, which are there', () => {
    const { attributes } = markupOf(page);
    const ids = attributes.get('id') ?? new Set();
    for (const href of attributes.get('href') ?? []) {
      expect(href).toMatch(/^#/);
      expect(ids).toContain(href.slice(1));
    }
  });

  test('of a feature that was not run says so', () => {
    const fresh = featureDocumentSchema.parse({
      ...feature,
      tasks: [{ id: 'T1', title: 'Read', type: 'code', requirements: ['R1'] }],
    });
    const quiet = reportPage(sampleReport(fresh, []));
    expect(quiet).toContain('Nothing was run yet.');
    expect(quiet).toContain('0 of 1 settled, 1 ready');
  });

  test('of a feature without tasks, and of a debate alone', () => {
    const empty = featureDocumentSchema.parse({ ...feature, tasks: [], requirements: [] });
    expect(reportPage(sampleReport(empty, []))).toContain('There are none.');
    const debate = reportPage({
      ...sampleReport(),
      subject: { kind: 'debate', name: 'd-1', title: 'the spec of links' },
      feature: null,
    });
    expect(debate).toContain('CONDITIONAL');
    expect(debate).not.toContain('Task graph');
  });
});

describe('hostile text', () => {
  const payloads = [
    '</style></title></details></pre></svg><script>alert(1)</script>',
    '" onmouseover="alert(1)" x="',
    "' style='display:none",
    '<!-- <img src=//evil.example/x onerror=alert(1)> ]]> -->',
    '<a href="javascript:alert(1)">x</a>&#60;b&#62;',
    '\u202egnp.exe\u2066\u200b\u0000\u001b[2J\u2028',
    '{{constructor}}${7*7}`</textarea>',
  ];
  const known = markupOf(reportPage(sampleReport()));

  /** The report with the payload in the place of every text, but where a word of a closed list chooses how it is drawn. */
  function poisoned<T>(value: T, payload: string): T {
    if (typeof value === 'string') return `${value}${payload}` as T;
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item: unknown) => poisoned(item, payload)) as T;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        name,
        ['kind', 'coverage', 'severity'].includes(name) ? item : poisoned(item, payload),
      ]),
    ) as T;
  }

  test.each(payloads)('adds no tag and no attribute anywhere: %j', (payload) => {
    const page = reportPage(poisoned(sampleReport(), payload));
    const { tags, attributes } = markupOf(page);
    expect([...tags].filter((tag) => !known.tags.has(tag))).toEqual([]);
    expect([...attributes.keys()].filter((name) => !known.attributes.has(name))).toEqual([]);
    for (const href of attributes.get('href') ?? []) expect(href).toMatch(/^#/);
    expect(page).not.toMatch(
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/,
    );
  });
});

describe('a large feature', () => {
  test('of 1,000 tasks and 100,000 events has a page of a few megabytes, which says what is not there', () => {
    const long = 'x'.repeat(3_000);
    const tasks = Array.from({ length: 1_000 }, (_, index) =>
      newTask({
        id: `T${index + 1}`,
        title: `Task ${index + 1}`,
        type: 'code',
        description: long,
        requirements: ['R1'],
        dependsOn: index === 0 ? [] : [`T${Math.ceil(index / 2)}`],
        status: 'done',
      }),
    );
    const happened: RunEvent[] = [];
    const template = event(0, {
      type: 'warning',
      code: 'odd',
      message: 'Odd',
      task: null,
    });
    for (const [index, { id }] of tasks.entries()) {
      const at = index * 100;
      happened.push(
        event(at, { type: 'task-start', task: id, title: id, attempt: 1, resumed: false }),
        ...Array.from({ length: 10 }, (_, round) => call(at + round, 1, id)),
        runEventSchema.parse({
          ...template,
          type: 'review-finish',
          task: id,
          attempt: 1,
          round: 1,
          reviewer: 'two/critic',
          sameFamily: false,
          review: {
            verdict: 'revise',
            summary: long,
            scores: { correctness: 1, consistency: 1, safety: 1, efficiency: 1, clarity: 1 },
            findings: Array.from({ length: 50 }, () => ({
              category: 'style',
              severity: 'minor',
              evidence: long,
              location: null,
              fixHint: '',
            })),
          },
        }),
        event(at + 50, {
          type: 'task-finish',
          task: id,
          status: 'done',
          reason: 'x',
          attempt: 1,
          rounds: 1,
        }),
      );
    }
    for (let index = happened.length; index < 100_000; index++)
      happened.push({ ...template, message: `Odd ${index}` } as RunEvent);
    const report = sampleReport({ ...feature, tasks }, happened);
    const page = reportPage(report);
    expect(page.length).toBeLessThan(16_000_000);
    expect(page).toContain('Left out here: 50 findings');
    expect(page).toMatch(/Not drawn: \d+ further tasks, \d+ short bars/);
    expect(page).toMatch(/\d+ older warnings left out here/);
    expect(markupOf(page).tags).not.toContain('script');
  });
});
