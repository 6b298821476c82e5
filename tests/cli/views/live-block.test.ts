import { expect, test } from 'vitest';
import { createLiveBlock } from '../../../src/cli/views/live-block.ts';
import { virtualTerminal } from '../../helpers/virtual-terminal.ts';

/** What stands first and last stays, as in a run: what is written now, and how far it is. */
const frame = (height: number, turn: number): string[] =>
  Array.from({ length: height }, (_, row) => {
    if (row === 0) return 'head';
    return row === height - 1 ? 'progress' : `row ${row} of ${turn}`;
  });

test('on a full screen frames of any height leave every line above them as it was', async () => {
  const terminal = virtualTerminal(80, 24);
  const block = createLiveBlock(terminal.stream);
  const heights = [1, 4, 9, 2, 9, 9, 0, 3, 1, 7, 5, 6];
  const printed: string[] = [];
  for (let turn = 0; turn < 120; turn += 1) {
    const height = heights[turn % heights.length] ?? 0;
    printed.push(`line ${turn}`);
    block.above(`line ${turn}\n`, frame(height, turn));
    // The frame changes on its own as well, as time passes.
    for (const other of [height + 2, height + 5, Math.max(0, height - 1), height])
      block.draw(frame(other, turn));
  }
  block.clear();
  expect(await terminal.lines()).toEqual(printed);
});
