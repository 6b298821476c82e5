import { expect, test } from 'vitest';
import { matchesOf } from '../../src/syntax/queries.ts';

const functions = '(function_declaration name: (identifier) @name) @function';

test('offsets of captures are those of the string, whatever its characters take in bytes', async () => {
  const text = '// 😀 ü\nfunction größe() {}';
  const { matches, problem } = await matchesOf('javascript', [{ query: functions }], text, 1_000);
  expect(problem).toBeNull();
  expect(matches.map((match) => match.map(({ start, end }) => text.slice(start, end)))).toEqual([
    ['function größe() {}', 'größe'],
  ]);
});

test('patterns begin no deeper than asked', async () => {
  const text = 'function outer() { function inner() {} }';
  const query = { query: functions, depth: 1 };
  const { matches } = await matchesOf('javascript', [query], text, 1_000);
  expect(matches).toHaveLength(1);
});

test('patterns begin directly below the root, and below nodes of a type where these stand', async () => {
  const text = `
    export function shown() { function inner() {} }
    function outer() { function inner() {} }
    class Holder { static { function inner() {} } }
    export function cut( {`;
  const named = async (below: readonly string[], depth = 2): Promise<string[]> => {
    const query = { query: '(function_declaration name: (_) @name)', depth, below };
    const { matches } = await matchesOf('javascript', [query], text, 1_000);
    return matches.flat().map(({ start, end }) => text.slice(start, end));
  };
  expect(await named(['class_body'])).toEqual(['outer']);
  expect(await named(['export_statement'])).toEqual(['outer', 'shown']);
  expect(await named(['statement_block'], 1)).toEqual(['outer']);
  expect(await named(['statement_block'], 2)).toEqual(['outer', 'inner']);
});

test('a query that the grammar does not know is an error', async () => {
  await expect(matchesOf('python', [{ query: functions }], 'x = 1', 1_000)).rejects.toThrow(
    /function_declaration/,
  );
});
