import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../state/fixtures.ts';

const oxlint = resolve('node_modules/oxlint/bin/oxlint');

/** Which rules, by the names of their messages, find something in which files of a project with our settings. */
async function found(files: Readonly<Record<string, string>>): Promise<Record<string, string[]>> {
  const root = await temporaryFolder();
  for (const name of ['.oxlintrc.json', 'tsconfig.json']) await copyFile(name, join(root, name));
  for (const folder of ['scripts', 'node_modules'])
    await symlink(resolve(folder), join(root, folder));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const { stdout } = await execa(oxlint, ['--type-aware', '--format=json', ...Object.keys(files)], {
    cwd: root,
    reject: false,
  });
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { code: string; filename: string }[];
  };
  const byFile: Record<string, string[]> = Object.fromEntries(
    Object.keys(files).map((path) => [path, []]),
  );
  for (const { code, filename } of diagnostics) byFile[filename]?.push(code);
  return Object.fromEntries(
    Object.entries(byFile).map(([path, codes]) => [path, [...new Set(codes)].sort()]),
  );
}

const long = Array.from({ length: 301 }, (_, at) => `export const x${at} = 1;\n`).join('');
const edge = `console.log(process.cwd(), process.env, process.exit);\n`;
const write = `import { writeFile } from 'node:fs/promises';\nexport { writeFile };\n`;

it('each rule is on where it should be', async () => {
  expect(
    await found({
      'src/text/edge.ts': edge,
      'src/main.ts': edge,
      'tests/edge.ts': edge,
      'src/text/write.ts': write,
      'src/files/disk.ts': write,
      'src/text/a.ts': `import './b.ts';\nimport '../cli/x.ts';\nimport 'openai';\n`,
      'src/text/b.ts': `import './a.ts';\n`,
      'src/text/long.ts': long,
      'tests/long.ts': long,
      'src/text/reference.ts': '/// <reference path="./x" />\n',
      'src/text/unused/caught.ts': 'try { f(); } catch (_error) {}\nfunction f() {}\n',
      'src/text/unused/variable.ts': 'const _unused = 1;\nexport {};\n',
      'src/text/unused/argument.ts': 'export function f(_a: string) {}\n',
      'src/text/unused/before-used.ts': 'export const f = (_a: string, b: string) => b;\n',
      'src/text/types.ts': [
        'const later = async (): Promise<void> => {};',
        'later();',
        '[1].forEach(later);',
        'export const x = await 1;',
        `export function f(a: 'a' | 'b') {`,
        `  switch (a) { case 'a': return 1; }`,
        '  return 2;',
        '}',
        '',
      ].join('\n'),
      'src/text/style.ts': [
        'export function f(a: any, _b: string[], c?: number) {',
        '  var d = { ...{ a } };',
        '  let e = c!;',
        '  const _unused = 1;',
        '  try { e == 1; } catch (_error) {}',
        '  return [d, Array(1, 2), e];',
        '}',
        '// @ts-ignore',
        'export class Only { static x = 1; constructor() {} }',
        'export type T = {} | Function | String;',
        'export interface I { m(a: string): void; m(a: number): void }',
        `import { Type } from './a.ts';`,
        'export const g = (x: Type) => { const self = this; return { x, self }; };',
        'export function h() { return f.apply(undefined, arguments); }',
        `export const r = require('./x');`,
        'export enum E { A = 1, B = 1, C = r }',
        'namespace N {}',
        'export const k = (o: Record<string, 1>, n: string) => delete o[n];',
        `export const l = 'x' as 'x';`,
        'export const m = r?.x!;',
        'export const p = r! ?? 1;',
        'export const q = r!!;',
        'export function u<V extends unknown>(v: V): void | V { return v; }',
        'export interface W { new (): W }',
        'module X {}',
        '/// <reference path="./x" />',
        'export class Y {}',
        'export interface Y { z: 1 }',
        '',
      ].join('\n'),
      'scripts-of/x.cjs': `var x = require('./y');\nmodule.exports = x;\n`,
    }),
  ).toMatchInlineSnapshot(`
    {
      "scripts-of/x.cjs": [
        "eslint(no-var)",
      ],
      "src/files/disk.ts": [],
      "src/main.ts": [
        "eslint(no-console)",
      ],
      "src/text/a.ts": [
        "house(cycles)",
        "house(imports)",
        "house(vendors)",
      ],
      "src/text/b.ts": [
        "house(cycles)",
      ],
      "src/text/edge.ts": [
        "eslint(no-console)",
        "eslint(no-restricted-properties)",
      ],
      "src/text/long.ts": [
        "eslint(max-lines)",
      ],
      "src/text/reference.ts": [
        "typescript(triple-slash-reference)",
      ],
      "src/text/style.ts": [
        "eslint(eqeqeq)",
        "eslint(no-array-constructor)",
        "eslint(no-unused-expressions)",
        "eslint(no-unused-vars)",
        "eslint(no-useless-constructor)",
        "eslint(no-var)",
        "eslint(prefer-const)",
        "eslint(prefer-rest-params)",
        "eslint(prefer-spread)",
        "house(spread-literal)",
        "typescript(ban-ts-comment)",
        "typescript(consistent-type-imports)",
        "typescript(no-duplicate-enum-values)",
        "typescript(no-dynamic-delete)",
        "typescript(no-empty-object-type)",
        "typescript(no-explicit-any)",
        "typescript(no-extra-non-null-assertion)",
        "typescript(no-extraneous-class)",
        "typescript(no-invalid-void-type)",
        "typescript(no-misused-new)",
        "typescript(no-namespace)",
        "typescript(no-non-null-asserted-nullish-coalescing)",
        "typescript(no-non-null-asserted-optional-chain)",
        "typescript(no-non-null-assertion)",
        "typescript(no-require-imports)",
        "typescript(no-this-alias)",
        "typescript(no-unnecessary-type-constraint)",
        "typescript(no-unsafe-declaration-merging)",
        "typescript(no-unsafe-function-type)",
        "typescript(no-wrapper-object-types)",
        "typescript(prefer-as-const)",
        "typescript(prefer-literal-enum-member)",
        "typescript(prefer-namespace-keyword)",
        "typescript(unified-signatures)",
      ],
      "src/text/types.ts": [
        "typescript(await-thenable)",
        "typescript(no-floating-promises)",
        "typescript(no-misused-promises)",
        "typescript(switch-exhaustiveness-check)",
      ],
      "src/text/unused/argument.ts": [
        "eslint(no-unused-vars)",
      ],
      "src/text/unused/before-used.ts": [],
      "src/text/unused/caught.ts": [
        "eslint(no-unused-vars)",
      ],
      "src/text/unused/variable.ts": [
        "eslint(no-unused-vars)",
      ],
      "src/text/write.ts": [
        "eslint(no-restricted-imports)",
      ],
      "tests/edge.ts": [],
      "tests/long.ts": [],
    }
  `);
}, 60_000);
