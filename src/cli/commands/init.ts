import { access, appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode } from '../../domain/errors.ts';
import { defineCommand } from '../command.ts';

/** What a feature's folder holds beside the plan: bulky, or of this machine alone. */
const ignored = [
  'journal.jsonl',
  'calls/',
  'partial/',
  'leases/',
  'tasks.lock*',
  'workspace.lock*',
];

export const command = defineCommand({
  options: (yargs) =>
    yargs.option('yes', {
      alias: 'y',
      type: 'boolean',
      default: false,
      describe: 'Write without asking',
    }),
  async action({ yes }, { app, cwd, globals, screen, signal }) {
    const { config } = await app();
    const steps: { path: string; shown: string; write: () => Promise<void> }[] = [];
    const written: string[] = [];
    const configFile = join(cwd, 'blueprint.config.json');
    if (config.file === null) {
      const text = `${JSON.stringify({ executor: { concurrency: 3 }, supervisor: { maxIterations: 3 } }, null, 2)}\n`;
      steps.push({
        path: configFile,
        shown: text,
        write: () => writeFile(configFile, text, { flag: 'wx' }),
      });
    }
    const ignoreFile = join(config.root, '.gitignore');
    const existing = await readFile(ignoreFile, 'utf8').catch(() => '');
    const folder = relativeFolder(config.root, config.featuresDir);
    const lines = ignored
      .map((name) => `${folder}/*/${name}`)
      .filter((line) => !existing.split(/\r?\n/).includes(line));
    if (lines.length > 0) {
      const text = `${existing === '' || existing.endsWith('\n') ? '' : '\n'}# blueprint: what a run keeps beside the plan\n${lines.join('\n')}\n`;
      steps.push({
        path: ignoreFile,
        shown: text.trimStart(),
        write: () => appendFile(ignoreFile, text),
      });
    }

    for (const { path, shown } of steps) screen.note(`${path}\n${indented(shown)}`);
    const mayWrite =
      steps.length === 0 ||
      yes ||
      (screen.interactive && !globals.json && (await confirmed(screen, signal)));
    if (mayWrite) {
      for (const step of steps) {
        await step.write();
        written.push(step.path);
      }
      await mkdir(config.featuresDir, { recursive: true });
    }
    const ready = await access(config.featuresDir).then(
      () => true,
      () => false,
    );
    const text = mayWrite
      ? `${written.length === 0 ? 'Nothing to write: this folder is ready.' : `Wrote ${written.join(', ')}`}\nNext: blueprint new brief.md`
      : 'Nothing was written. Repeat with --yes to write what is shown above.';
    return {
      exitCode: mayWrite ? ExitCode.done : ExitCode.needsReview,
      json: { root: config.root, written, ready },
      text,
    };
  },
});

async function confirmed(
  screen: Parameters<typeof import('../interactive/prompts.ts').createPrompts>[0],
  signal: AbortSignal,
): Promise<boolean> {
  const { createPrompts } = await import('../interactive/prompts.ts');
  return createPrompts(screen, signal).confirm('Write this?', true);
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  + ${line}`)
    .join('\n');
}

function relativeFolder(root: string, folder: string): string {
  return folder.slice(root.length).replaceAll('\\', '/').replace(/^\/+/, '');
}
