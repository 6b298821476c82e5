import { expect, test } from 'vitest';
import { languageQueries } from '../../../src/repository/queries/by-grammar.ts';
import type { Grammar } from '../../../src/syntax/languages.ts';
import { matchesOf } from '../../../src/syntax/queries.ts';

const grammars = (Object.keys(languageQueries) as Grammar[]).filter((one) => one !== 'vue');

test.each(grammars)('the queries of %s are valid for its grammar', async (grammar) => {
  const { also = [], ...query } = languageQueries[grammar];
  const queries = [query, ...also];
  expect(await matchesOf(grammar, queries, '', 1_000)).toEqual({ matches: [], problem: null });
});
