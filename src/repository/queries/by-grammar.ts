import type { Grammar } from '../../syntax/languages.ts';
import { cSharp } from './c-sharp.ts';
import { c, cpp } from './c.ts';
import { css } from './css.ts';
import { dart } from './dart.ts';
import { javascript, typescript } from './ecmascript.ts';
import { go } from './go.ts';
import { java } from './java.ts';
import type { LanguageQuery } from './language-query.ts';
import { php } from './php.ts';
import { python } from './python.ts';
import { ruby } from './ruby.ts';
import { rust } from './rust.ts';
import { solidity } from './solidity.ts';
import { swift } from './swift.ts';

export const languageQueries: Readonly<Record<Grammar, LanguageQuery>> = {
  c,
  cpp,
  c_sharp: cSharp,
  css,
  dart,
  go,
  java,
  javascript,
  php,
  python,
  ruby,
  rust,
  solidity,
  swift,
  tsx: typescript,
  typescript,
  // Of a component its scripts are read.
  vue: typescript,
};
