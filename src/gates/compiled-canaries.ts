import { baseName } from '../files/slash-paths.ts';
import type { Kind, KindOf, Line } from './canary-kind.ts';

/** By the name under which the file knows the package `testing`, and testify's where it has them. */
export function goKind(_mark: string, text: string): Kind | null {
  const testing = goName(text, 'testing');
  if (testing === null) return null;
  const type = testing === '.' ? '*T' : `*${testing}.T`;
  const line =
    (body: string): Line =>
    (name) =>
      `func Test_${name}(t ${type}) { ${body} }`;
  const asserts = ['assert', 'require'].flatMap((one) => {
    const name = goName(text, `github.com/stretchr/testify/${one}`);
    return name === null || name === '.'
      ? []
      : [`${name}.Equal(t, 1, 2)`, `${name}.True(t, false)`];
  });
  return {
    head: '',
    fails: [
      't.Fail()',
      't.FailNow()',
      't.Error("canary")',
      't.Errorf("%d", 1)',
      't.Fatal("canary")',
      't.Fatalf("%d", 1)',
      't.Cleanup(func() { t.Fail() })',
      ...asserts,
    ].map(line),
    passes: line('t.Log("canary")'),
    skips: line('t.Skip("canary")'),
    alwaysRun: true,
  };
}

/** How a file calls a package: `.` where its names are the file's own; null where it cannot. */
function goName(text: string, path: string): string | null {
  const found = new RegExp(`^\\s*(?:import\\s+)?([\\w.]+\\s+)?"${path}"`, 'm').exec(text);
  const name = found?.[1]?.trim() ?? baseName(path);
  return found === null || name === '_' ? null : name === 'import' ? baseName(path) : name;
}

/** Beside the tests of a file, so that macros which it takes are theirs too. */
export function rustKind(): Kind {
  const line =
    (body: string, before = '', returns = ''): Line =>
    (name) =>
      `#[cfg(test)]\n#[test]\n${before}fn ${name}() ${returns}{ ${body} }`;
  return {
    head: '',
    fails: [
      line('assert!(false);'),
      line('assert_eq!(1, 2);'),
      line('assert_ne!(1, 1);'),
      line('panic!("canary");'),
      line('None::<i32>.unwrap();'),
      line(`Err("canary")`, '', `-> Result<(), &'static str> `),
      line('', '#[should_panic]\n'),
    ],
    passes: line('assert_eq!(1, 1);'),
    skips: line('', '#[ignore]\n'),
    alwaysRun: true,
  };
}

const jupiter = 'org.junit.jupiter.api';

/**
 * In the class that a file is named by, with what it asserts by itself. A class that a runner of its own takes,
 * or that says more of how its methods run, has none.
 */
export function javaKind(path: string): KindOf {
  return (_mark, text) => {
    const name = baseName(path).replace(/\.java$/, '');
    const opening = new RegExp(`${classHead}${name}\\b[^{;]*\\{`, 'm').exec(text);
    if (opening === null || special.test(text)) return null;
    const isJupiter = text.includes(jupiter);
    if (!isJupiter && !/\borg\.junit\.Test\b|\borg\.junit\.\*/.test(text)) return null;
    const asserts = isJupiter ? `${jupiter}.Assertions` : 'org.junit.Assert';
    const test = isJupiter ? `@${jupiter}.Test` : '@org.junit.Test';
    const skip = isJupiter ? `@${jupiter}.Disabled` : '@org.junit.Ignore';
    const line =
      (body: string, before = ''): Line =>
      (method) =>
        `${before}${test} public void ${method}() { ${body} }`;
    const used = assertions.filter(([word]) => new RegExp(`\\b${word}\\s*\\(`).test(text));
    return {
      head: '',
      fails: [
        ...used.map(([, call]) => line(`${asserts}.${call};`)),
        line('throw new AssertionError("canary");'),
        line('throw new IllegalStateException("canary");'),
      ],
      passes: line(''),
      skips: line('', `${skip} `),
      within: (whole, added) => {
        const at = opening.index + opening[0].length;
        return `${whole.slice(0, at)}\n${added}${whole.slice(at)}`;
      },
      alwaysRun: true,
    };
  };
}

/** As code has it, and no comment. */
const classHead = String.raw`^[ \t]*(?:@[\w.]+(?:\([^)\n]*\))?[ \t]+)*(?:[a-z]+[ \t]+)*class\s+`;

const special =
  /@(?:RunWith|ParameterizedClass|ClassTemplate|Suite\w*|Test\w*Method\w+|FixMethodOrder)\b/;

const assertions: readonly (readonly [string, string])[] = [
  ['assertEquals', 'assertEquals(1, 2)'],
  ['assertTrue', 'assertTrue(false)'],
  ['assertFalse', 'assertFalse(true)'],
  ['assertNull', 'assertNull("canary")'],
  ['assertNotNull', 'assertNotNull(null)'],
  ['assertSame', 'assertSame("a", "b")'],
  ['assertNotEquals', 'assertNotEquals("a", "a")'],
  ['fail', 'fail("canary")'],
];
