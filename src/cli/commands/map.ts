import { usageFault } from '../../domain/errors.ts';
import { withoutControls } from '../../domain/text.ts';
import { drawMap } from '../../use-cases/map.ts';
import { defineCommand } from '../command.ts';
import { number } from '../option-kinds.ts';

const defaultTokens = 2_000;
const leastTokens = 100;

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('query', {
        type: 'string',
        array: true,
        describe: 'What it is for: a task’s words, paths, names; nothing for the whole',
      })
      .option('tokens', number(`How long it may be; ${defaultTokens} without it`)),
  async action({ query = [], tokens = defaultTokens }, { program, screen, globals, signal }) {
    const text = query.join(' ');
    if (!Number.isInteger(tokens) || tokens < leastTokens)
      throw usageFault(
        `--tokens must be a whole number from ${leastTokens} on`,
        `Leave it out for ${defaultTokens}.`,
      );
    const { facts, remarks, ...map } = await drawMap(
      { query: text, tokens, withFacts: text === '' || globals.json },
      await program(),
      { signal },
      (done, all) => screen.note(`reading the project: ${done} of ${all} files`),
    );
    for (const remark of remarks) screen.note(withoutControls(remark));
    const lines = [
      ...(text === '' ? [facts, ''] : []),
      map.files.length === 0 ? 'No file of this project can be shown.' : map.text,
      ...(map.leftOut === 0
        ? []
        : [`… and ${map.leftOut} more, for which --tokens leaves no room`]),
    ];
    return {
      json: { query: text, ...map, facts, remarks },
      text: withoutControls(lines.join('\n')),
    };
  },
});
