import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileBundle } from '../../src/domain/bundle.ts';
import { taskSchema } from '../../src/domain/task.ts';
import type { GateInput } from '../../src/gates/gate.ts';

/** A gate's input for files that are written, over a base. */
export function gateInput(
  files: Readonly<Record<string, string | null>>,
  base: Readonly<Record<string, string>> = {},
  more: Partial<FileBundle> = {},
  over: Partial<GateInput> = {},
): GateInput {
  const entries = Object.entries(files);
  return {
    task: taskSchema.parse({ id: 'T1', title: 'x', type: 'code' }),
    bundle: {
      files: entries.flatMap(([path, content]) => (content === null ? [] : [{ path, content }])),
      edits: [],
      deletions: entries.flatMap(([path, content]) => (content === null ? [path] : [])),
      tests: [],
      commands: [],
      notes: '',
      ...more,
    },
    changes: new Map(entries),
    base: (path) => Promise.resolve(base[path] ?? null),
    project: async () => ({
      files: new Set(Object.keys(base)),
      read: async (path) => base[path] ?? null,
    }),
    baseKey: {},
    copyTo: (folder) => writeFiles(folder, base),
    checkedOut: async (files) =>
      new Map([...files].map(([path, text]) => [path, text === null ? null : Buffer.from(text)])),
    frozen: new Map(),
    keep: () => Promise.resolve(),
    ...over,
  };
}

/** Writes texts by their paths below a folder. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

export const running = new AbortController().signal;
