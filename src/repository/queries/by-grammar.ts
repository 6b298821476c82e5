import type { Grammar } from '../../syntax/languages.ts';
import { javascript, typescript } from './ecmascript.ts';
import { go } from './go.ts';
import type { LanguageQuery } from './language-query.ts';
import { python } from './python.ts';
import { rust } from './rust.ts';

/** Null where there is nothing to read, or where another grammar reads it. */
export const languageQueries: Readonly<Record<Grammar, LanguageQuery | null>> = {
  c: null,
  cpp: null,
  c_sharp: null,
  css: null,
  dart: null,
  go,
  java: null,
  javascript,
  php: null,
  python,
  ruby: null,
  rust,
  solidity: null,
  swift: null,
  tsx: typescript,
  typescript,
  // Its scripts are TypeScript.
  vue: null,
};
