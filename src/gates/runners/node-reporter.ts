/**
 * A reporter for `node --test`: one marked JSON line for each test, by its name below those of its suites. Once
 * it is loaded the mark is gone from where it was, so that the code under test does not find it.
 * @param mark null: it is in the environment.
 */
export function nodeReporter(mark: string | null): string {
  const own = `import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
rmSync(fileURLToPath(import.meta.url), { force: true });
const mark = ${JSON.stringify(mark)};`;
  const given = `const mark = process.env.BLUEPRINT_MARK;
delete process.env.BLUEPRINT_MARK;`;
  return `${mark === null ? given : own}
const say = (event) => '\\n' + mark + JSON.stringify(event) + '\\n';
const wordsOf = (error) => {
  const cause = error?.cause instanceof Error ? error.cause : error;
  const stack = String(cause?.stack ?? cause?.message ?? error?.cause ?? cause ?? '');
  const own = stack.split('\\n').filter((line) => !/^\\s+at .*\\(?node:/.test(line));
  return own.join('\\n');
};
export default async function* report(source) {
  const output = new Map();
  const open = new Map();
  yield say({ event: 'begin' });
  for await (const { type, data } of source) {
    if (type === 'test:start') {
      const names = (open.get(data.file) ?? []).slice(0, data.nesting);
      names[data.nesting] = data.name;
      open.set(data.file, names);
    }
    if (type === 'test:stderr') {
      const before = output.get(data.file) ?? '';
      if (before.length < 20000) output.set(data.file, before + data.message);
      yield data.message;
    }
    if (type === 'test:stdout') yield data.message;
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const { name, details = {}, line = null } = data;
    const above = (open.get(data.file) ?? []).slice(0, data.nesting);
    const whole = [...above, name].join(' > ');
    const error = details.error;
    if (details.type === 'suite' && (type === 'test:pass' || error?.failureType === 'subtestsFailed')) continue;
    if (error?.failureType === 'subtestsFailed') continue;
    const file = data.file ?? null;
    const ofFile = data.nesting === 0 && (name === file || (file !== null && file.endsWith('/' + name)));
    if (ofFile) {
      if (type === 'test:pass') continue;
      const early = error?.exitCode === ${earlyExit};
      const printed = output.get(file) ?? '';
      const fault = printed.slice(Math.max(0, printed.search(/^\\w*Error\\b/m)));
      const text = early ? 'It ended itself (process.exit) before its tests were over.' : fault || wordsOf(error);
      yield say({ event: 'broken-file', name: 'loading the file', file, line: null, text });
      continue;
    }
    const skipped = data.skip !== undefined || data.todo !== undefined;
    const outcome = skipped ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed';
    yield say({ event: 'test', outcome, name: whole, file, line, text: outcome === 'failed' ? wordsOf(error) : '' });
  }
  yield say({ event: 'end' });
}
`;
}

/** The exit code of a test file that ended itself with success before its tests were over. */
const earlyExit = 97;

/** Loaded before each test file: process.exit(0) in the code under test must not look like success. */
export const nodeGuard = `import { after } from 'node:test';
let over = false;
const end = process.reallyExit;
after(() => { over = true; });
Object.defineProperty(process, 'reallyExit', {
  value: (code) => end.call(process, !over && !code ? ${earlyExit} : code),
});
`;
