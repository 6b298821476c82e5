import { homedir } from 'node:os';
import { BlueprintError, ExitCode, InterruptedError, type Diagnostic } from '../domain/errors.ts';
import { createRedactor, secretsOf } from '../text/redact.ts';
import { errnoOf, isMissing, reasonOf } from '../files/file-problem.ts';
import { jsonWithHiddenShown } from '../domain/hidden-characters.ts';
import { withoutControls } from '../domain/text.ts';

export interface ErrorReportOptions {
  readonly json: boolean;
  readonly interrupted: boolean;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** Its secrets are not shown. */
  readonly env: NodeJS.ProcessEnv;
}

/** Says what went wrong: short for what the user can mend, with a way to report it for what is our fault. */
export function reportError(thrown: unknown, options: ErrorReportOptions): ExitCode {
  const { stdout, stderr } = options;
  const redactor = createRedactor(secretsOf(options.env));
  const fault = faultOf(thrown, options.interrupted);
  const diagnostic = redactor.deep(fault.diagnostic);
  if (options.json)
    stdout.write(`${jsonWithHiddenShown(JSON.stringify({ error: diagnostic }, null, 2))}\n`);
  else {
    const all = [diagnostic, ...(diagnostic.others ?? [])];
    stderr.write(`${all.map(diagnosticText).join('\n')}\n`);
  }
  return fault.exitCode;
}

export interface Fault {
  readonly diagnostic: Diagnostic & { readonly others?: readonly Diagnostic[] };
  readonly exitCode: ExitCode;
}

/** What was thrown, as a user is told it. It may hold secrets. */
export function faultOf(thrown: unknown, interrupted: boolean): Fault {
  const error = interrupted && isAbort(thrown) ? new InterruptedError() : thrown;
  if (error instanceof BlueprintError)
    return { diagnostic: error.toJSON(), exitCode: error.exitCode };
  const system = systemFault(error);
  const exitCode = system === null ? ExitCode.failed : ExitCode.unavailable;
  return {
    diagnostic: system ?? internalFault(error),
    exitCode: interrupted ? ExitCode.interrupted : exitCode,
  };
}

/** Says that a command's results did not get where they were sent. @returns the exit code, which is not 0 */
export function outputNotWritten(
  error: NodeJS.ErrnoException,
  exitCode: number,
  stderr: Pick<NodeJS.WriteStream, 'write'>,
): number {
  const diagnostic = {
    code: 'output-not-written',
    message: `The output could not be written: ${reasonOf(error.code ?? 'an error')}`,
    fix: 'Free some space where it goes to, or send it elsewhere. What the command did is kept: ask for it again.',
  };
  stderr.write(`${diagnosticText(diagnostic)}\n`);
  return exitCode === 0 ? ExitCode.unavailable : exitCode;
}

/** What streams and timers throw when the signal that they were given ends them. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** `error[code] message`, then place and fix, free of terminal control characters. */
export function diagnosticText({ code, message, target, fix }: Diagnostic): string {
  const lines = [`error[${code}] ${message}`];
  if (target !== undefined) lines.push(`  at:  ${target}`);
  if (fix !== undefined) lines.push(`  fix: ${fix}`);
  return withoutControls(lines.join('\n'));
}

const systemFixes: Readonly<Record<string, string>> = {
  ENOSPC: 'Free some space on the disk; nothing that was kept before is lost.',
  EACCES: 'Give yourself the right to read and write there.',
  EPERM: 'Give yourself the right to read and write there.',
  EROFS: 'The file system is read-only; work in another folder.',
  EMFILE: 'Too many files are open: raise the limit (ulimit -n) or lower --concurrency.',
  EDQUOT: 'Your disk quota is used up; nothing that was kept before is lost.',
  ENOTDIR: 'A file stands where a folder is needed; move it away.',
  EISDIR: 'A folder stands where a file is needed; move it away.',
};

/** A fault of the machine, known by its error code; of those that it has for what is missing, our own. */
function systemFault(error: unknown): Diagnostic | null {
  const errno = errnoOf(error);
  if (errno === null) return null;
  const { path, message, syscall } = error as NodeJS.ErrnoException;
  const fix = systemFixes[errno];
  // Without a path it is no file that was asked for: those of the network have words of their own.
  const ofFile = path !== undefined && syscall !== undefined && !isMissing(error);
  if (fix === undefined && !ofFile) return null;
  const what = ofFile ? `The system cannot do «${syscall} ${path}»: ${reasonOf(errno)}` : message;
  return {
    code: `system-${errno.toLowerCase()}`,
    message: what,
    fix: fix ?? 'Check the disk and the folder; nothing that was kept before is lost.',
    ...(path !== undefined && { target: path }),
  };
}

function internalFault(error: unknown): Diagnostic {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const home = homedir();
  return {
    code: 'internal',
    message: `blueprint itself failed: ${detail.replaceAll(home, '~')}`,
    fix: 'Nothing that was kept is lost. Please report this with the lines above and the command you ran.',
  };
}
