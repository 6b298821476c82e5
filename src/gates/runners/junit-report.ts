import type { XmlElement } from '@rgrove/parse-xml';
import { baseName } from '../../files/slash-paths.ts';
import { reportOf, type TestOutcome, type TestReport } from './runner.ts';
import { elementsOf, xmlReader } from '../../text/xml.ts';

/** A test as a report of JUnit's form tells it, which each tool fills in its own way. */
export interface JunitCase {
  readonly name: string;
  readonly className: string;
  /** Its own, or that of a suite around it; null where neither has one. */
  readonly file: string | null;
}

/** How one tool fills the form. */
export interface JunitForm {
  /** The file of the project that a test is in. */
  readonly fileOf: (test: JunitCase) => string | null;
  readonly nameOf: (test: JunitCase) => string;
  /** Lines of a failure that say nothing of the work: the runner's own frames. */
  readonly foreign: RegExp | null;
}

/**
 * A reader of reports in the form of JUnit's XML, of which there is no standard: what is common to all is read.
 * A report that is no whole XML is a failure with that reason, and ends nothing.
 * https://github.com/testmoapp/junitxml
 */
export async function junitReader(
  form: JunitForm,
): Promise<(texts: readonly string[]) => TestReport> {
  const read = await xmlReader();
  return (texts) => {
    const roots = texts.map(read);
    const faults = roots.flatMap((root) => ('fault' in root ? [brokenReport(root.fault)] : []));
    const tests = roots.flatMap((root) => ('fault' in root ? [] : casesIn(root, null, form)));
    const complete = roots.length > 0 && faults.length === 0;
    return reportOf([...tests, ...faults], { complete });
  };
}

/** A report that cannot be read, as a failed test. */
export function brokenReport(fault: string): TestOutcome {
  const text = `The runner's report is not whole: ${fault}`;
  return { outcome: 'failed', name: 'loading the report', file: null, line: null, text };
}

function casesIn(suite: XmlElement, around: string | null, form: JunitForm): TestOutcome[] {
  const file = textOf(suite.attributes['file']) ?? around;
  return elementsOf(suite).flatMap((child) => {
    if (child.name === 'testcase') return [outcomeOf(child, file, form)];
    return child.name === 'testsuite' ? casesIn(child, file, form) : [];
  });
}

function outcomeOf(element: XmlElement, around: string | null, form: JunitForm): TestOutcome {
  const { attributes } = element;
  const test: JunitCase = {
    name: (attributes['name'] ?? '').trim(),
    className: attributes['classname'] ?? attributes['class'] ?? '',
    file: textOf(attributes['file']) ?? around,
  };
  const file = form.fileOf(test);
  const failures = elementsOf(element).filter(({ name }) => /^(?:failure|error)$/.test(name));
  const own = failures.map((failure) => wordsOf(failure, form)).join('\n');
  const isSkipped =
    elementsOf(element, 'skipped').length > 0 ||
    notRun.test(attributes['status'] ?? '') ||
    failures.some((failure) => provesNothing.test(failure.attributes['type'] ?? ''));
  const outcome = isSkipped ? 'skipped' : failures.length > 0 ? 'failed' : 'passed';
  return {
    outcome,
    // A class or file that could not be set up is told as a test without a name.
    name: test.name === '' ? `loading ${test.className}` : steadyName(form.nameOf(test)),
    file,
    line: lineIn(own, file) ?? numberOf(attributes['line']),
    text: outcome === 'failed' ? own : '',
  };
}

const notRun = /^(?:disabled|skipped|ignored|notrun|pending)$/i;
/** A test without assertions, where PHPUnit is told to mind them. */
const provesNothing = /\bRisky/;

/** Addresses of objects in names of parameters differ from run to run. */
function steadyName(name: string): string {
  return name.replace(/@[\da-f]{5,16}\b/g, '@…');
}

function wordsOf(failure: XmlElement, { foreign }: JunitForm): string {
  const message = (failure.attributes['message'] ?? '').trim();
  const text = failure.text.trim();
  const whole = text.includes(message) ? text : `${message}\n${text}`.trim();
  if (foreign === null) return whole;
  return whole
    .split('\n')
    .filter((line) => !foreign.test(line))
    .join('\n');
}

function lineIn(words: string, file: string | null): number | null {
  if (file === null) return null;
  const name = baseName(file).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return numberOf(new RegExp(`(?:^|[^\\w.-])${name}(?::|:line )(\\d+)`, 'm').exec(words)?.[1]);
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

function textOf(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}
