import type { FileChanges } from '../src/domain/bundle.ts';
import type { GateResult } from '../src/domain/gate-result.ts';
import type { TriedFile } from '../src/gates/gate.ts';
import type { Gates } from '../src/supervisor/checks.ts';

/** `bent`: it was made to pass a test that asks for something else. */
export type State = 'right' | 'wrong' | 'bent';
/**
 * `strict` asks for something else and fails right work; `loose` takes any work; `already` passes without any;
 * `contrary` passes on what is wrong alone; `broken` does not run.
 */
export type TestKind = 'right' | 'strict' | 'loose' | 'already' | 'contrary' | 'broken';

export const criteria = ['R1.1', 'R1.2'] as const;
export const workPath = 'src/a.js';

/** Real code, so that changed copies can be made of it. */
const lines: Readonly<Record<State, string>> = {
  right: '(n) => n * 2 + 1;',
  wrong: '(n) => n * 2 - 1;',
  bent: '(n) => n * 5 + 1;',
};

/** The work's one file. @param number tells it from other tries */
export function workOf(states: readonly State[], number: number): string {
  const all = states.map((state, at) => `export const f${at + 1} = ${lines[state]}`);
  return [...all, `// ${number}`, ''].join('\n');
}

/** By criterion; a copy with a fault is wrong. */
export function statesIn(text: string): State[] {
  const all = text.split('\n');
  return criteria.map((_, at) =>
    all[at]?.endsWith(lines.right) ? 'right' : all[at]?.endsWith(lines.bent) ? 'bent' : 'wrong',
  );
}

export function isRight(text: string): boolean {
  return statesIn(text).every((state) => state === 'right');
}

export function testText(criterion: string, kind: TestKind): string {
  return `test('${criterion} ${kind}')\n`;
}

const passesOn: Readonly<Record<TestKind, readonly State[]>> = {
  right: ['right'],
  strict: ['bent'],
  loose: ['right', 'wrong', 'bent'],
  already: ['right', 'wrong', 'bent'],
  contrary: ['wrong', 'bent'],
  broken: [],
};

function tried(path: string, content: string, changes: FileChanges): TriedFile {
  const [, criterion = '', said = ''] = /'(R1\.\d) (\w+)'/.exec(content) ?? [];
  const kind = (Object.keys(passesOn) as TestKind[]).find((one) => one === said) ?? 'broken';
  if (kind === 'broken')
    return { path, problem: { kind: 'syntax', text: 'Unexpected token' }, tests: [] };
  const work = changes.get(workPath) ?? null;
  const state = work === null ? null : statesIn(work)[criteria.indexOf(criterion as 'R1.1')];
  const passes =
    state === null || state === undefined ? kind === 'already' : passesOn[kind].includes(state);
  const text = passes ? '' : `AssertionError: ${criterion} ${kind} failed`;
  const outcome = passes ? ('passed' as const) : ('failed' as const);
  const name = `${criterion} ${kind}`;
  return { path, problem: null, tests: [{ file: path, name, outcome, text, differs: false }] };
}

/** Gates of a project without tests of its own, whose runner tells at once how each test comes out. */
export const simulatedGates: Gates = {
  blockingGates: new Set(['tests']),
  outlooks: async () => [],
  testLayout: async () => ({ runners: ['node --test'], examples: [], unavailable: null }),
  tryTests: async ({ tests, changes }) => ({
    files: [...tests].map(([path, content]) => tried(path, content, changes)),
  }),
  async checkGates({ candidate, frozen = new Map<string, string>() }): Promise<GateResult[]> {
    const findings = [...frozen].flatMap(([path, content]) =>
      tried(path, content, candidate.changes)
        .tests.filter(({ outcome }) => outcome === 'failed')
        .map(({ text: evidence }) => {
          const severity = 'blocker' as const;
          return { category: 'tests', severity, evidence, location: `${path}:1`, fixHint: '' };
        }),
    );
    const status = findings.length === 0 ? 'passed' : 'failed';
    return [{ gate: 'tests', status, summary: status, findings, durationMs: 0 }];
  },
};
