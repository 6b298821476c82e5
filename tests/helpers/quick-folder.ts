import { expect, inject } from 'vitest';

/** What bounds the use of memory and disk, or is the whole program, is tried where users have it. */
const onDisk = /\/tests\/(?:sandbox|cli|models)\/.*\.e2e\.test\.ts$|\/tests\/e2e\//;

const folder = inject('quickFolder');
const { testPath = '' } = expect.getState();
// Files share a process: what one of them was given is not left to the next.
if (folder !== null)
  if (onDisk.test(testPath)) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = folder;
