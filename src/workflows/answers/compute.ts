import * as z from 'zod';
import type { RunProgram } from '../../domain/program.ts';
import { withoutColours } from '../../domain/text.ts';
import { isSameAnswer } from '../../text/answer/same-answer.ts';
import { sha256 } from '../../text/sha256.ts';
import { recall, remember, type StepFiles } from '../../supervisor/steps.ts';
import { emitStep, type Work } from '../../supervisor/work.ts';
import type { Computed, Solution } from './solution.ts';

const ranSchema = z.strictObject({
  kind: z.literal('ran'),
  output: z.string(),
  end: z.string(),
  agrees: z.boolean().nullable(),
  isolated: z.boolean(),
});

/** Of what a program printed so much is kept, characters, from its end. */
const keptOutput = 4_000;

/**
 * Runs the program of a solution, and says whether it prints the answer that the solution states. What one run
 * gave is kept: models are told of it in the same words after a kill.
 * @param run absent: nothing can be run.
 */
export async function computed(
  work: Work,
  solution: Solution,
  run: RunProgram | undefined,
  files: StepFiles,
): Promise<Solution> {
  const { program, answer, label } = solution;
  if (program === null) return solution;
  const found = await runOnce(work, { program, answer }, run, files);
  emitStep(work, {
    of: 'science',
    step: 'computation',
    name: label,
    outcome: found.kind === 'not-run' ? 'skipped' : found.agrees === true ? 'passed' : 'failed',
    detail: found.kind === 'not-run' ? `not computed: ${found.why}` : lastLine(found.output),
    data: { ...found },
  });
  return { ...solution, computed: found };
}

async function runOnce(
  { signal }: Work,
  { program, answer }: { program: NonNullable<Solution['program']>; answer: string },
  run: RunProgram | undefined,
  files: StepFiles,
): Promise<Computed> {
  if (run === undefined) return { kind: 'not-run', why: 'nothing is run here' };
  const key = sha256(JSON.stringify([program, answer]));
  const step = { name: `computations/${key.slice(0, 16)}.json`, key, schema: ranSchema };
  const kept = await recall(files, step);
  if (kept !== null) return kept;
  const ran = await run(program, signal);
  if ('missing' in ran) return { kind: 'not-run', why: ran.missing };
  const { stdout, stderr, end, succeeded, isolated } = ran;
  const said = withoutColours(succeeded || stderr === '' ? stdout : `${stdout}\n${stderr}`).trim();
  const last = lastLine(withoutColours(stdout));
  const agrees = succeeded && last !== '' ? isSameAnswer(last, answer) : null;
  const found = { kind: 'ran', output: said.slice(-keptOutput), end, agrees, isolated } as const;
  await remember(files, step, found);
  return found;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}
