import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunEvent } from '../../../src/domain/event.ts';
import type { FeatureDocument, Task } from '../../../src/domain/task.ts';
import { projects, runCli, writeFiles } from '../../helpers/run-cli.ts';
import { brief, greeting, greetingScript, type GreetingOptions } from './greeting-script.ts';

/** Variables that have every call answered by the project's script. */
export const scripted = {
  // Long text is printed, and nobody has to leave a pager.
  PAGER: 'cat',
  BLUEPRINT_SCRIPT: 'script.jsonl',
};

/** Makes projects with a brief and a script; planned where a feature is to be there already. */
export function greetingProjects() {
  const project = projects();
  return {
    unplanned: (options?: GreetingOptions): Promise<string> =>
      project({ 'brief.md': brief, 'script.jsonl': greetingScript(options) }),
    async planned(options?: GreetingOptions): Promise<string> {
      const cwd = await project({ 'brief.md': brief, 'script.jsonl': greetingScript() });
      const made = await runCli(['new', 'brief.md'], { cwd, env: scripted });
      if (made.exitCode !== 0) throw new Error(`The feature was not planned:\n${made.stderr}`);
      await setScript(cwd, options);
      return cwd;
    },
  };
}

export function setScript(cwd: string, options?: GreetingOptions): Promise<void> {
  return writeFiles(cwd, { 'script.jsonl': greetingScript(options) });
}

export async function documentIn(cwd: string, slug = greeting): Promise<FeatureDocument> {
  const text = await readFile(join(cwd, 'features', slug, 'tasks.json'), 'utf8');
  return JSON.parse(text) as FeatureDocument;
}

export async function taskIn(cwd: string, id: string): Promise<Task> {
  const task = (await documentIn(cwd)).tasks.find((other) => other.id === id);
  if (task === undefined) throw new Error(`There is no task ${id}`);
  return task;
}

export async function journalIn(cwd: string, slug = greeting): Promise<RunEvent[]> {
  const text = await readFile(join(cwd, 'features', slug, 'journal.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
}
