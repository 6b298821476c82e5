import * as z from 'zod';
import type { WrittenFiles } from '../workspace/out-folder.ts';
import type { AdHoc } from './ad-hoc.ts';

const recordSchema = z.strictObject({
  out: z.string(),
  files: z.record(z.string(), z.string()),
});

const name = 'written.json';

/** Whether a file in the folder is what some tournament of this project wrote there. */
export async function ownFiles(
  session: AdHoc,
  out: string,
): Promise<(path: string, hash: string) => boolean> {
  const own = new Set<string>();
  for (const text of await session.siblings(name)) {
    const record = parsed(text);
    if (record?.out !== out) continue;
    for (const [path, hash] of Object.entries(record.files)) own.add(`${hash} ${path}`);
  }
  return (path, hash) => own.has(`${hash} ${path}`);
}

/** Keeps what is about to be written. */
export function writtenRecord(session: AdHoc, out: string, files: WrittenFiles): Promise<void> {
  return session.write(name, `${JSON.stringify({ out, files }, null, 2)}\n`);
}

function parsed(text: string): z.infer<typeof recordSchema> | null {
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
