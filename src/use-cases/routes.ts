import type { Routes } from './ports.ts';
import type { Caller, Program } from './program.ts';

/** Which model each role would use now, and which providers can be asked. Makes no call. */
export function routes(program: Program, { signal }: Caller): Promise<Routes> {
  return program.routes(signal);
}
