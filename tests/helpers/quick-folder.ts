import { expect, inject } from 'vitest';

/** What bounds the use of memory and of the disk: in memory, one would count as the other. */
const onDisk = /\/tests\/sandbox\/.*\.e2e\.test\.ts$/;

const folder = inject('quickFolder');
const { testPath = '' } = expect.getState();
// Files share a process: what one of them was given is not left to the next.
if (folder !== null)
  if (onDisk.test(testPath)) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = folder;
