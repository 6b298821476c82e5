import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mkdtemp, rm, writeFile } from '../../files/disk.ts';
import { BlueprintError, InterruptedError } from '../../domain/errors.ts';

/**
 * The text as the user's own editor leaves it; the command is from VISUAL or EDITOR, arguments
 * included, as git reads them. inquirer's own editor prompt takes the text of an editor that failed,
 * and cannot be left where none starts.
 * @throws BlueprintError `editor-failed`; then nothing was changed
 */
export async function editText(
  text: string,
  name: string,
  { env, signal }: { env: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<string> {
  const editor =
    env['VISUAL'] || env['EDITOR'] || (process.platform === 'win32' ? 'notepad' : 'vi');
  const folder = await mkdtemp(join(tmpdir(), 'blueprint-'));
  const file = join(folder, name);
  try {
    await writeFile(file, text, { mode: 0o600 });
    const { execa } = await import('execa');
    const ended = await execa(`${editor} "${file}"`, {
      shell: true,
      stdio: 'inherit',
      env,
      reject: false,
      cancelSignal: signal,
    });
    if (signal.aborted) throw new InterruptedError();
    if (ended.failed)
      throw new BlueprintError({
        code: 'editor-failed',
        message: `The editor «${editor}» ended with ${ended.exitCode ?? ended.signal ?? 'an error'}; nothing was changed`,
        fix: 'Name another by EDITOR, as: export EDITOR=nano',
      });
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
