import { expect, test } from 'vitest';
import { asked, listed, readText } from '../read-text.ts';

const typescript = `import Store, { open as openStore, type Row } from './store.ts';
import type { Clock } from "../clock.js";
import fs = require('node:fs');
import * as path from 'node:path';
import './polyfill.ts';
export { seal as close, hidden };
export { Row } from './row.ts';
export * from './all.ts';
export const retries = 3, waitMs = (attempt: number): number => { return attempt * 10; };
const hidden = 1;
function seal(): void { function local() {} }
/** Doc. */
@Entity({ table: 'people (all)' })
export abstract class Person<T> extends Base implements Named {
  @Column() private age = 1;
  constructor(private readonly name: string) { super(); }
  static of = async (row: Row) => new Person(row);
  abstract greet(): void;
  get label(): string { return ''; }
  #secret() {}
  private own() {}
}
export interface Named extends Thing { greet(loud: boolean): void; label: string }
export type Reply = { kind: 'ok' } | { kind: 'failed' };
enum Level { low }
export default function start(
  options: Options, // how
): Promise<void> { return import('./lazy.ts'); }
namespace Inner { export function deep() {} }
export const table = {
  one: 1,
};
`;

test('TypeScript: declarations, members, exports', async () => {
  expect(listed(await readText('a.ts', typescript))).toEqual([
    '+ function close 6-6 | export seal as close',
    '+ value retries 9-9 | const retries = 3',
    '+ function waitMs 9-9 | const waitMs = (attempt: number): number',
    '+ value hidden 10-10 | const hidden = 1',
    '+ function seal 11-11 | function seal(): void',
    '+ class Person 14-22 | abstract class Person<T> extends Base implements Named',
    '+ method Person.constructor 16-16 | constructor(private readonly name: string)',
    '+ method Person.of 17-17 | static of = async (row: Row)',
    '+ method Person.greet 18-18 | abstract greet(): void',
    '+ method Person.label 19-19 | get label(): string',
    '- method Person.#secret 20-20 | #secret()',
    '- method Person.own 21-21 | private own()',
    '+ type Named 23-23 | interface Named extends Thing',
    '+ method Named.greet 23-23 | greet(loud: boolean): void',
    "+ type Reply 24-24 | type Reply = { kind: 'ok' } | { kind: 'failed' }",
    '- type Level 25-25 | enum Level',
    '+ function start 26-28 | function start(options: Options): Promise<void>',
    '- type Inner 29-29 | namespace Inner',
    '+ function Inner.deep 29-29 | function deep()',
    '+ value table 30-32 | const table',
  ]);
});

test('TypeScript: imports of every form', async () => {
  expect(asked(await readText('a.ts', typescript))).toEqual([
    './store.ts {default open Row}',
    '../clock.js {Clock}',
    'node:fs',
    'node:path',
    './polyfill.ts',
    './row.ts {Row}',
    './all.ts',
    './lazy.ts',
  ]);
});

test('JavaScript: CommonJS, prototypes, private members', async () => {
  const text = `const fs = require('node:fs');
function Reader(path) { this.path = path; }
Reader.prototype.read = function (size) { return size; };
const limit = 10;
module.exports = { Reader, most: limit };
exports.open = async (path) => new Reader(path);
other.thing = function () {};
class Box extends Reader { #key = 1; get = (key) => key; static of(x) { return require('./lazy'); } }
function* walk(folder) {}
`;
  const entry = await readText('a.cjs', text);
  expect(listed(entry)).toEqual([
    "- value fs 1-1 | const fs = require('node:fs')",
    '+ function Reader 2-2 | function Reader(path)',
    '+ method Reader.read 3-3 | Reader.prototype.read = function (size)',
    '+ value limit 4-4 | const limit = 10',
    '+ value most 5-5 | export limit as most',
    '+ function open 6-6 | exports.open = async (path)',
    '- class Box 8-8 | class Box extends Reader',
    '- method Box.get 8-8 | get = (key)',
    '- method Box.of 8-8 | static of(x)',
    '- function walk 9-9 | function* walk(folder)',
  ]);
  expect(asked(entry)).toEqual(['node:fs', './lazy']);
});

test.each([
  [
    'export default class extends Base {}',
    '+ class default 1-1 | export default class extends Base',
  ],
  ['export default (a) => a;', '+ function default 1-1 | export default (a)'],
  ['class A {}\nexport default A;', '+ class A 1-1 | class A'],
  ['function a() {}\nmodule.exports = a;', '+ function a 1-1 | function a()'],
  ['module.exports = function (a) {};', '+ function default 1-1 | module.exports = function (a)'],
  ['export default { name: 1 };', '+ value default 1-1 | export default { name: 1 }'],
])('JavaScript: %j', async (text, symbol) => {
  expect(listed(await readText('a.js', text))).toEqual([symbol]);
});

test('a text with errors gives what could be read', async () => {
  const entry = await readText('a.ts', 'export function good(): void {}\nexport function bad( {\n');
  expect(listed(entry)[0]).toBe('+ function good 1-1 | function good(): void');
  expect(entry.problem).toBeNull();
});

test.each([
  ["import type X from './a.ts';", './a.ts {default}'],
  ["import Y, * as all from './a.ts';", './a.ts {default}'],
  ["import data from './a.json' with { type: 'json' };", './a.json {default}'],
  ["import { default as z, type A, B as b, } from './a.ts';", './a.ts {default A B}'],
  ["import type, { other } from './a.ts';", './a.ts {default other}'],
  [
    "import {\n  // which, with words\n  one, /* two, */\n  three,\n} from './a.ts';",
    './a.ts {one three}',
  ],
  ["export * as all from './a.ts';", './a.ts'],
  ["export type { Q, R as S } from './a.ts';", './a.ts {Q R}'],
  ["const lazy = () => { if (x) return import('./a.ts'); };", './a.ts'],
  ["if (x) { require('./a.ts'); }", './a.ts'],
])('TypeScript: %j asks for %s', async (text, clause) => {
  expect(asked(await readText('a.ts', text))).toEqual([clause]);
});

test('TypeScript: no clauses in texts and comments, none with a computed path', async () => {
  const text =
    "const a = `import('./a.ts')`;\n// import('./b.ts')\nimport(path);\nrequire(`./${c}`);\n";
  expect(asked(await readText('a.ts', text))).toEqual([]);
});

test('TypeScript: what is declared of other code is listed as what is written', async () => {
  const text = `
declare enum Level { Low }
declare abstract class Base { abstract run(): void; stop(): void }
declare namespace Inner { type One = 1; export function two(): void }
declare module 'other' { function three(): void; }
export declare const enum Mode { On }
export const Named = class { run() {} };
`;
  expect(listed(await readText('a.d.ts', text))).toEqual([
    '- type Level 2-2 | enum Level',
    '- class Base 3-3 | abstract class Base',
    '- method Base.run 3-3 | abstract run(): void',
    '- method Base.stop 3-3 | stop(): void',
    '- type Inner 4-4 | namespace Inner',
    '+ function Inner.two 4-4 | function two(): void',
    "- type other 5-5 | module 'other'",
    '+ function other.three 5-5 | function three(): void',
    '+ type Mode 6-6 | const enum Mode',
    '+ class Named 7-7 | const Named = class',
    '+ method Named.run 7-7 | run()',
  ]);
});

test('TypeScript: overloads, generators, ambient values, namespaces, a class as a value', async () => {
  const text = `export function over(a: string): void;
export function over(a: unknown): void {}
export async function* gen<T>(): AsyncGenerator<T> {}
export declare const version: string;
export const Store = class extends Base { run() {} };
export namespace A.B { export class C { run() {} } }
type Local = 1;
export type { Local };
`;
  expect(listed(await readText('a.ts', text))).toEqual([
    '+ function over 1-1 | function over(a: string): void',
    '+ function over 2-2 | function over(a: unknown): void',
    '+ function gen 3-3 | async function* gen<T>(): AsyncGenerator<T>',
    '+ value version 4-4 | const version: string',
    '+ class Store 5-5 | const Store = class extends Base',
    '+ method Store.run 5-5 | run()',
    '+ type A.B 6-6 | namespace A.B',
    '+ class A.B.C 6-6 | class C',
    '+ type Local 7-7 | type Local = 1',
  ]);
});

test.each(['a.jsx', 'a.tsx'])('%s: components', async (path) => {
  const text = `export const Button = ({ label }) => <button>{label}</button>;
export default function App() { return <Button label="x" />; }
`;
  expect(listed(await readText(path, text))).toEqual([
    '+ function Button 1-1 | const Button = ({ label })',
    '+ function App 2-2 | function App()',
  ]);
});
