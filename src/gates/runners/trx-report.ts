import type { XmlElement } from '@rgrove/parse-xml';
import { brokenReport } from './junit-report.ts';
import { reportOf, type TestOutcome, type TestReport } from './runner.ts';
import { elementsBelow, xmlReader } from '../../text/xml.ts';

export interface TrxForm {
  /** The file of the project that a path is. */
  readonly place: (path: string) => string | null;
  /** The file that holds a class, by its whole name; null where it is not known. */
  readonly fileOfClass: (className: string) => string | null;
}

/**
 * A reader of the reports of `dotnet test --logger trx`, one for each project of tests.
 * https://learn.microsoft.com/dotnet/core/tools/dotnet-test (the form is that of Visual Studio's vstst.xsd)
 */
export async function trxReader(form: TrxForm): Promise<(texts: readonly string[]) => TestReport> {
  const read = await xmlReader();
  return (texts) => {
    const roots = texts.map(read);
    const faults = roots.flatMap((root) => ('fault' in root ? [brokenReport(root.fault)] : []));
    const whole = roots.flatMap((root) => ('fault' in root ? [] : [root]));
    const tests = whole.flatMap((root) => testsIn(root, form));
    const complete = roots.length > 0 && faults.length === 0 && whole.every(isEnded);
    return reportOf([...tests, ...faults], { complete });
  };
}

/** A run that was ended in the midst of its tests says so, or has no summary. */
function isEnded(root: XmlElement): boolean {
  const [summary] = elementsBelow(root, 'ResultSummary');
  return /^(?:Completed|Passed|Failed|Warning)$/.test(summary?.attributes['outcome'] ?? '');
}

function testsIn(root: XmlElement, { place, fileOfClass }: TrxForm): TestOutcome[] {
  const classes = new Map(
    elementsBelow(root, 'UnitTest').map((test) => {
      const [method] = elementsBelow(test, 'TestMethod');
      // An older form has the assembly behind it.
      const [name = ''] = (method?.attributes['className'] ?? '').split(',');
      return [test.attributes['id'] ?? '', name.trim()] as const;
    }),
  );
  return elementsBelow(root, 'UnitTestResult').map((result): TestOutcome => {
    const { testName = '', outcome = '', testId = '' } = result.attributes;
    const words = (name: string): string =>
      elementsBelow(result, 'ErrorInfo')
        .flatMap((error) => elementsBelow(error, name))
        .map(({ text }) => text.trim())
        .join('\n');
    const frames = words('StackTrace')
      .split('\n')
      .flatMap((frame) => {
        const [, path = '', line = ''] = / in (.+?):line (\d+)\s*$/.exec(frame) ?? [];
        const file = path === '' ? null : place(path);
        return file === null ? [] : [{ frame: frame.trim(), file, line: Number(line) }];
      });
    const className = classes.get(testId) ?? '';
    const file = fileOfClass(className) ?? frames.at(-1)?.file ?? null;
    const line = frames.find((frame) => frame.file === file)?.line ?? null;
    const failed = outcome !== 'Passed' && !notRun.test(outcome);
    const text = [words('Message'), ...frames.map(({ frame }) => `  ${frame}`)].join('\n').trim();
    const name = testName.startsWith(className) ? testName : `${className}.${testName}`;
    return {
      outcome: failed ? 'failed' : outcome === 'Passed' ? 'passed' : 'skipped',
      name,
      file,
      line,
      text: failed ? text || outcome : '',
    };
  });
}

const notRun = /^(?:NotExecuted|NotRunnable|Inconclusive|Pending|Disconnected|Warning)$/;
