import { homedir } from 'node:os';
import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { diagnosticText, reportError } from '../../src/cli/report-error.ts';
import { BlueprintError, ExitCode } from '../../src/domain/errors.ts';

/** Collects what is written, in place of a process's stream. */
function sink(): { stream: NodeJS.WriteStream; text: () => string } {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => text };
}

function reported(error: unknown, { json = false, interrupted = false } = {}) {
  const out = sink();
  const err = sink();
  const exitCode = reportError(error, {
    json,
    interrupted,
    stdout: out.stream,
    stderr: err.stream,
    env: { HOUSE_TOKEN: 'house-token-0123456789' },
  });
  return { exitCode, stdout: out.text(), stderr: err.text() };
}

const fault = new BlueprintError({
  code: 'task-not-found',
  message: 'There is no task «T9»',
  target: 'links/T9',
  fix: 'Did you mean T1?',
  others: [{ code: 'other', message: 'And this' }],
});

describe('reportError', () => {
  test('tells a user what, where and how to mend it, and all that was found', () => {
    expect(reported(fault)).toEqual({
      exitCode: ExitCode.usage,
      stdout: '',
      stderr:
        'error[task-not-found] There is no task «T9»\n  at:  links/T9\n  fix: Did you mean T1?\nerror[other] And this\n',
    });
  });

  test('gives one document where JSON was asked for', () => {
    const { stdout, stderr } = reported(fault, { json: true });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({ error: fault.toJSON() });
  });

  test.for([
    ['ENOSPC', ExitCode.unavailable, 'Free some space'],
    ['EACCES', ExitCode.unavailable, 'right to read and write'],
    ['EMFILE', ExitCode.unavailable, '--concurrency'],
  ] as const)('tells %s of the machine by its fix', ([code, exitCode, fix]) => {
    const error = Object.assign(new Error(`${code}: refused`), { code, path: '/somewhere' });
    const told = reported(error);
    expect(told.exitCode).toBe(exitCode);
    expect(told.stderr).toContain(`error[system-${code.toLowerCase()}]`);
    expect(told.stderr).toContain('at:  /somewhere');
    expect(told.stderr).toContain(fix);
  });

  test('owns up to its own faults, with a way to report them and no home folder', () => {
    const error = new Error(`broken at ${homedir()}/project/file.ts`);
    const { exitCode, stderr } = reported(error);
    expect(exitCode).toBe(ExitCode.failed);
    expect(stderr).toContain('error[internal] blueprint itself failed');
    expect(stderr).toContain('broken at ~/project/file.ts');
    expect(stderr).not.toContain(`${homedir()}/`);
    expect(stderr).toContain('Please report this');
    expect(reported('a text').stderr).toContain('a text');
  });

  test('takes an abort for an interruption only when there was one', () => {
    const abort = new DOMException('The operation was aborted', 'AbortError');
    expect(reported(abort, { interrupted: true })).toMatchObject({
      exitCode: ExitCode.interrupted,
      stderr: expect.stringContaining('error[interrupted]') as string,
    });
    expect(reported(abort)).toMatchObject({ exitCode: ExitCode.failed });
  });
});

test.each([false, true])('shows no secret, whatever an error quotes (--json: %s)', (json) => {
  const quotes = 'sent house-token-0123456789 and sk-ant-api03-Ax7Kq2Lm9Pz4Wr8Tn5Yv1Bc6';
  const known = new BlueprintError({
    code: 'any',
    message: quotes,
    target: quotes,
    others: [{ code: 'other', message: quotes, fix: quotes }],
  });
  for (const error of [known, new TypeError(quotes)]) {
    const { stdout, stderr } = reported(error, { json });
    expect(stdout + stderr).toContain('sent [redacted] and [redacted]');
    expect(stdout + stderr).not.toMatch(/house-token|sk-ant/);
  }
});

test('diagnosticText lets no control character through', () => {
  const text = diagnosticText({ code: 'x', message: 'a\u001b[31mb\u0007', target: 'c\u009b' });
  expect(text).toBe('error[x] a\\u{1b}[31mb\\u{7}\n  at:  c\\u{9b}');
});
