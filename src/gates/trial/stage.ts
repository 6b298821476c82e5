import type { TemporaryFolder } from '../../files/temporary-folder.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { GateInput, Unavailable } from '../gate.ts';
import { projectBefore, viewOf } from '../project-view.ts';
import type { Planning } from '../plans.ts';
import { safeguard } from '../protect/protect.ts';
import { copyContext, type CopyContext } from '../run-in-copy.ts';
import { setUpCopy } from '../setup/set-up-copy.ts';
import { notLaidOut, stageCopy } from '../stage-copy.ts';
import type { Verdict } from '../verdict.ts';

/** Test files to be tried, and what they are tried on. */
export interface TrialInput extends Pick<
  GateInput,
  | 'task'
  | 'base'
  | 'project'
  | 'baseKey'
  | 'copyTo'
  | 'checkedOut'
  | 'changes'
  | 'keep'
  | 'progress'
> {
  readonly tests: ReadonlyMap<string, string>;
  readonly twice: boolean;
  /** As in `GateInput`; none when absent. */
  readonly frozen?: GateInput['frozen'];
}

/** Why nothing can be run there. */
export interface NoPlace extends AsyncDisposable {
  readonly unavailable: Unavailable;
}

/** A copy in which something can be run. */
export interface Place extends AsyncDisposable {
  readonly context: CopyContext;
}

export type Tests = ReadonlyMap<string, string>;

export interface Stage {
  /** A fresh copy of the project, with the work and these tests in it. */
  copy(tests: Tests): Promise<Place | NoPlace>;
}

/**
 * Copies of the project with work over it as the tests gate runs it: without what would sway its tests.
 * @throws InterruptedError
 */
export async function openStage(
  input: TrialInput,
  sandbox: Sandbox,
  options: Planning,
  signal: AbortSignal,
): Promise<Stage> {
  const commands = [options.setup?.run, options.command].filter((one) => typeof one === 'string');
  const { changes } = await safeguard({
    ...input,
    frozen: input.frozen ?? new Map(),
    declared: input.task.files,
    before: (await projectBefore(input, signal)).files,
    check: 'tests',
    commands,
    signal,
  });
  return {
    async copy(tests) {
      const folder = await stageCopy(input, new Map([...changes, ...tests]), signal);
      if (folder === null) return noPlace(notLaidOut);
      try {
        const about = {
          declared: [...tests.keys()],
          touched: [...tests.keys()],
          scriptStood: true,
        };
        const view = await viewOf(folder.path);
        const context = copyContext(folder.path, view, sandbox, options, about, input);
        const unprepared = await setUpCopy(options, context, { base: input.copyTo }, signal);
        if (unprepared === null) return placeOf(folder, context);
        await folder.remove();
        return noPlace(unprepared);
      } catch (error) {
        await folder.remove();
        throw error;
      }
    },
  };
}

function placeOf(folder: TemporaryFolder, context: CopyContext): Place {
  return { context, [Symbol.asyncDispose]: () => folder.remove() };
}

function noPlace({ summary }: Verdict): NoPlace {
  return { unavailable: { missing: summary, fix: '' }, [Symbol.asyncDispose]: async () => {} };
}
