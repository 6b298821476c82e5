import { basename } from 'node:path';
import { configNames } from '../../config/find-config.ts';
import { ExitCode } from '../../domain/errors.ts';
import { confirm } from '../confirm.ts';
import { defineCommand } from '../command.ts';
import { flag } from '../option-kinds.ts';
import { missingFiles, prepareFolder, type PreparedFile } from '../../use-cases/prepare-folder.ts';
import { trustWritten } from '../../use-cases/trust.ts';

export const command = defineCommand({
  options: (yargs) => yargs.option('yes', { ...flag('Write without asking'), alias: 'y' }),
  async action({ yes }, { program, cwd, env, globals, screen, signal }) {
    const { config, routes } = await program();
    const { roles } = await routes(signal);
    const files = await missingFiles(config, cwd, roles);
    const paths = files.map(({ path }) => path);
    const proposed = files.map(({ path, added }) => ({ path, added }));
    for (const { path, added } of files) screen.note(`${path}\n${indented(added)}`);

    const asks = screen.interactive && !globals.json;
    const mayWrite =
      files.length === 0 || yes || (asks && (await confirm('Write this?', true, screen, signal)));
    if (!mayWrite)
      return {
        exitCode: ExitCode.needsReview,
        json: { root: config.root, written: [], proposed },
        text: 'Nothing was written. To write what is shown above: blueprint init --yes',
      };
    await prepareFolder(files, config.featuresDir);
    for (const file of files) if (isConfig(file)) await trustWritten(file, env);
    const head =
      paths.length === 0 ? 'Nothing to write: this folder is ready.' : `Wrote ${paths.join(', ')}`;
    return {
      json: { root: config.root, written: paths, proposed },
      text: `${head}\nNext: blueprint new brief.md`,
    };
  },
});

const isConfig = ({ path }: PreparedFile): boolean =>
  (configNames as readonly string[]).includes(basename(path));

function indented(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  + ${line}`)
    .join('\n');
}
