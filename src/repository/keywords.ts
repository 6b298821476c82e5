import type { Grammar } from '../syntax/languages.ts';

const listed = (words: string): readonly string[] => words.split(' ');

/** Of nearly all languages that have braces. */
const common = listed(
  'break case catch class const continue default do else enum false finally for if import in new null return static super switch this throw true try void while',
);
const ecmascript = listed(
  'abstract any as async await boolean constructor declare delete export extends from function get implements instanceof interface keyof let namespace never number object of private protected public readonly satisfies set string symbol type typeof undefined unknown var with yield',
);
const cLike = listed(
  'auto bool char define double endif extern float goto ifdef ifndef include inline int long register short signed sizeof struct typedef union unsigned volatile',
);
const managed = listed(
  'abstract boolean byte char double extends final float implements int interface long override package private protected public short string throws var',
);

const own: Readonly<Record<Grammar, readonly string[]>> = {
  c: cLike,
  cpp: [
    ...cLike,
    ...listed(
      'constexpr delete explicit friend mutable namespace noexcept nullptr operator override private protected public template typename using virtual',
    ),
  ],
  c_sharp: [
    ...managed,
    ...listed(
      'as async await base bool delegate event foreach get internal is namespace object out readonly record ref sealed set struct using virtual where',
    ),
  ],
  css: [],
  dart: [
    ...managed,
    ...listed(
      'as async await bool covariant dynamic export factory get late library mixin on part required set show sync with yield',
    ),
  ],
  go: listed(
    'bool byte chan defer error fallthrough float64 func go goto int int64 interface iota len make map nil package range rune select string struct type uint var',
  ),
  java: [
    ...managed,
    ...listed('assert instanceof native record sealed synchronized transient volatile yield'),
  ],
  javascript: ecmascript,
  php: listed(
    'abstract and array as bool declare echo elseif empty endforeach endif extends final float fn foreach function global implements instanceof int interface isset match mixed namespace or php private protected public readonly require require_once self string trait unset use var yield',
  ),
  python: listed(
    'False None True and as assert async await bool cls def del elif except float from global int is lambda len nonlocal not or pass raise self str with yield',
  ),
  ruby: listed(
    'alias and begin def elsif end ensure module next nil not or redo rescue retry self then undef unless until when yield require require_relative',
  ),
  rust: listed(
    'Err None Ok Option Result Self Some String Vec as async await bool crate dyn extern fn i32 i64 impl let loop match mod move mut pub ref self str struct trait type u32 u64 u8 unsafe use usize where',
  ),
  solidity: listed(
    'abstract address bool bytes calldata constant constructor contract emit event external function indexed interface internal is library mapping memory modifier payable pragma private public pure require returns solidity storage string struct uint uint256 using view virtual override',
  ),
  swift: listed(
    'Bool Int String Self as associatedtype defer deinit extension fallthrough fileprivate func guard init inout internal is let mutating nil open operator private protocol public repeat rethrows self some struct subscript throws typealias var weak where',
  ),
  tsx: ecmascript,
  typescript: ecmascript,
  vue: [...ecmascript, ...listed('div span template script setup style scoped lang')],
};

const sets = new Map<Grammar, ReadonlySet<string>>();
const none: ReadonlySet<string> = new Set();

/** Words that say nothing of a file because its language has them everywhere: keywords, the commonest types. */
export function keywordsOf(grammar: Grammar | null): ReadonlySet<string> {
  if (grammar === null) return none;
  let set = sets.get(grammar);
  if (set === undefined) {
    set = new Set([...common, ...own[grammar]]);
    sets.set(grammar, set);
  }
  return set;
}
