import { defineCommand } from '../command.ts';
import { flag } from '../option-kinds.ts';
import { holdingsLines } from '../views/holdings-view.ts';
import { archive, holdings, restore } from '../../use-cases/archive.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('feature', { type: 'string', demandOption: true })
      .option('restore', flag('Take it back from the archive')),
  async action({ feature, restore: back }, { program: programOf, signal }) {
    const program = await programOf();
    if (back) {
      await restore({ feature }, program);
      return {
        json: { feature, archived: false },
        text: `${feature} is back. Next: blueprint show ${feature}`,
      };
    }
    const held = await holdings({ feature }, program, { signal });
    const folder = await archive({ feature }, program, { signal });
    const text = [
      `${feature} is archived: ${folder}`,
      ...holdingsLines(held),
      `To take it back: blueprint archive ${feature} --restore`,
    ];
    return { json: { feature, archived: true, folder, ...held }, text: text.join('\n') };
  },
});
