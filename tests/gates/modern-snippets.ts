/** Valid code with newer syntax: what a parser that lags behind its language would refuse. */
export const modernSnippets: [path: string, text: string][] = [
  [
    'attributes.js',
    "import d from './a.json' with { type: 'json' };\nexport { d as 'string name' };\n",
  ],
  ['await.mjs', 'const x = await fetch(y);\nexport default x;\nfor await (const a of b) a;\n'],
  [
    'class.js',
    'class A { static #x = 1; static { A.#x ||= 2; } has(o) { return #x in o; } accessor; }\n',
  ],
  ['decorators.js', '@dec export class A { @dec() accessor x = 1; @dec m() {} }\n'],
  ['shebang.cjs', '#!/usr/bin/env node\nif (a) return;\nmodule.exports = a?.b?.[0] ?? 1_000n;\n'],
  ['sloppy.cjs', 'with (a) { b; }\nvar let_ = 010;\n'],
  [
    'regexp.js',
    'const r = /(?<n>[/])\\/(?<=a)b/giu; const t = `a${`b${c}`}`; label: for (;;) break label;\n',
  ],
  [
    'element.jsx',
    'export const A = () => <><B {...c} d={e => <f />}>{/* g */} &amp; text</B></>;\n',
  ],
  [
    'types.ts',
    `const x = { a: 1 } satisfies Foo;
function f<const T extends readonly unknown[]>(x: T): asserts x is T {}
interface State<in out T> { readonly [key: string]: T }
type G = { [K in keyof T as \`get\${Capitalize<string & K>}\`]-?: () => T[K] };
type H = { [K in T]? : U };
type I<T> = T extends infer U extends string ? U : never;
type J = import('x').Reader<string>; type K = typeof import('y');
abstract class C<T> { declare x: number; override y?: string; constructor(private readonly a: string) { super(); } accessor q = 1; }
const fn = async <T,>(x: T) => x!; let u: unique symbol; let v = <any>x;
enum E { A = 1 << 2, 'a-b' = 3 }
function over(a: string): void;
function over(a: unknown) {}
`,
  ],
  [
    'modules.ts',
    `import type X from 'x'; import { type Y, z } from './y.ts';
import d from './a.json' with { type: 'json' };
export type * from './t.ts'; export type * as T from './u.ts'; export * as ns from 'q';
declare module 'foo' { global { interface Window { a: 1 } } export default x; }
declare global { var b: string }
import fs = require('fs'); export = fs;
`,
  ],
  ['using.ts', 'using x = y(); await using z = w();\nlet m: typeof import.meta;\n'],
  [
    'named-using.ts',
    'const using = [1];\nf(using, a.using);\nif (using instanceof A) using.b = { using };\n',
  ],
  [
    'declared.d.ts',
    'export default function (a: number): string;\ninterface A { abstract?: boolean; abstract: () => void }\n',
  ],
  [
    'members.ts',
    `class A { accessor a = 1; static accessor b: B = 2; private accessor #c; static readonly [d: string]: E; accessor }
abstract class F { abstract accessor g: string; }
@(h.i[j]) class K {}
`,
  ],
  [
    'resources.ts',
    'for (using a of b) {}\nfor (await using a of b) {}\nfor await (using a of b) {}\n',
  ],
  [
    're-exports.ts',
    `export * from './a.json' with { type: 'json' };
export * as b from "./b.json" with {
  type: "json",
};
`,
  ],
  [
    'odd-marks.ts',
    `#!/usr/bin/env node
/** … */
const größe = "“…”", 名前 = '—', a\u200cb = /→/u; // €
type A = \`«\${string}»\`;
let b: { '…': typeof größe };
`,
  ],
  ['odd-marks.tsx', 'const a = <B c="…">“d” — {\'→\'} e…</B>;\n'],
  ['odd-marks.js', 'const π = `…`; // …\n{ π; }\n'],
  ['block.ts', '{ a: 1; }\n'],
  [
    'component.ts',
    "@Component({ selector: 'a' })\nexport class A { @Input() x!: string; constructor(@Inject(T) private t: T) {} @HostListener('a', ['$event']) on() {} }\n",
  ],
  [
    'view.tsx',
    'export const A = <T,>({ a }: Props<T>) => <B<T> c={a as T} d={() => { return <e />; }} />;\n',
  ],
  [
    'match.py',
    `match command.split():
    case {"a": [1, *rest], **kw} if rest: pass
    case Point(x=0) | None: pass
    case _: pass
type Alias[T: int] = list[T]
def f[T](x: T, /, *, y: int = 1) -> T: ...
class C[T = int](Base): x: int = 1
print(f"{x!r:>{w}} {'a'} {d["k"]} {x=}")
async def g():
    async with a as b, c as d: yield [x async for x in y]
with (open("a") as f, open("b") as g): pass
try: pass
except* ValueError as e: pass
if (n := 10) > 5: print(n)
match = case = type = 1
`,
  ],
  [
    'generics.go',
    'package main\n\nimport "fmt"\n\ntype N interface{ ~int | ~float64 }\ntype L[T any] struct {\n\tnext *L[T]\n\tv    T `json:"v"`\n}\n\nfunc Map[T, U any](s []T, f func(T) U) (r []U) {\n\tfor i := range 10 {\n\t\tfmt.Println(i)\n\t}\n\tfor x := range seq {\n\t\t_ = x\n\t}\n\treturn\n}\n',
  ],
  [
    'modern.rs',
    `fn f() -> Option<u8> {
    let Some(x) = y else { return None; };
    let c = async move |x: u8| { x };
    if let Some(a) = b && let Some(q) = d { }
    let r#type = c"cstr"; let p = &raw const z;
    Some(x)
}
async fn g<'a, const N: usize>(x: &'a [u8; N]) -> impl Fn() + use<'a> { x.await?; }
unsafe extern "C" { safe fn z(); }
macro_rules! m { ($($x:expr),*) => { $($x;)* } }
#[derive(Debug)] pub(crate) struct S<'a>(&'a str);
`,
  ],
  [
    'Modern.java',
    'import module java.base;\nsealed interface S permits A {}\nrecord A(int x) implements S { A { if (x < 0) throw new E(); } }\nclass M { int f(Object o) { return switch (o) { case A(int q) when q > 1 -> 1; case String s -> { yield 2; } case null, default -> 3; }; } String t = """\n  a\n  """; }\n',
  ],
  [
    'modern.rb',
    'case x\nin {a: [Integer => n, *]} if n > 1 then 1\nin String | nil then 2\nend\ndef add(a, b) = a + b\np(<<~A, %w[a b])\n  text #{x}\nA\nh = {x:, y:}\n[1].map { it + _1 }\ndef m(...) = n(...)\n',
  ],
  [
    'modern.php',
    "<?php\ndeclare(strict_types=1);\nenum S: string { case A = 'a'; public function f(): self { return match(true) { $x > 1 => self::A, default => throw new E() }; } }\nreadonly final class P { public function __construct(private readonly int|string $a) {} }\n$f = strlen(...); foo(a: $x?->y ?? 1);\n",
  ],
  [
    'modern.css',
    '@layer a, b;\n.a { &:hover { color: oklch(50% 0.1 20 / 50%); } & > .b { width: calc(100% - 1px); } }\n@media (width >= 100px) and (not (hover)) { a { b: c; } }\n@container x (min-width: 1px) { a { b: c } }\n',
  ],
  [
    'modern.cpp',
    'export module m;\ntemplate <typename T> concept C = requires(T t) { t.x(); };\nstruct S { auto operator<=>(const S&) const = default; void f(this auto& self); };\n',
  ],
  [
    'modern.c',
    '#if A\nint f(void) {\n#else\nint g(void) {\n#endif\n  switch (x) { case 1 ... 2: break; }\n}\n',
  ],
  [
    'Modern.cs',
    'namespace A;\npublic record R(int X) { public required string Y { get; init; } }\nclass C(int x) : B(x) { int[] a = [1, 2, ..b]; }\n',
  ],
  [
    'modern.swift',
    'func f() async throws(E) -> any P { let y = if x { 1 } else { 2 }; guard let z else { return }; return #macro(y) }\n',
  ],
  [
    'modern.dart',
    'sealed class A {}\nint f(Object o) => switch (o) { (int a, _) when a > 1 => 1, _ => 3 };\nextension type E(int i) {}\n',
  ],
  [
    'modern.vue',
    '<script setup lang="ts">\nconst a = 1 < 2\n</script>\n<template>\n  <div v-if="a > 1" @click.prevent="d()">{{ g }}<br></div>\n</template>\n',
  ],
  [
    'modern.sol',
    'pragma solidity ^0.8.20;\nerror E(uint x);\ncontract C { function f(uint x) external { unchecked { x++; } revert E(1); } }\n',
  ],
  ['package.json', '\ufeff{ "a": [1, 2.5e3, null, "\\u00e9"] }\n'],
  ['tsconfig.base.json', '{\n  // why\n  "a": [1,],\n}\n'],
  ['settings.jsonc', '/* a */ { "b": 1, }\n'],
  [
    'many.yaml',
    '%YAML 1.2\n---\na: &x [1, !!str 2]\nb: *x\nc: |\n  text: {\n---\nd: >-\n  folded\n...\n',
  ],
  ['cloud.yml', 'Ref: !Sub "${A}"\nList: !GetAtt [a, b]\n'],
  ['config.toml', '[a.b]\nc = 2026-01-31T12:00:00Z\nd = """\nx"""\n[[e]]\nf = { g = 1 }\n'],
  ['empty.py', ''],
  ['empty.ts', ''],
  ['windows.js', 'const a = 1;\r\nconst b = 2;\r\n'],
];
