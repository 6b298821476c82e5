import { isBelow } from './package-folders.ts';
import { shellCommand } from './shell-command.ts';
import { programMissing, type Detect } from './runner.ts';

const names = ['GNUmakefile', 'makefile', 'Makefile'];

/** The Makefile's own target for tests: for a project whose tests no other runner knows. */
export const make: Detect = async (input) => {
  const { project, touched, has } = input;
  const path = names.find((name) => project.files.has(name));
  const target = path === undefined ? null : testTarget((await project.read(path)) ?? '');
  if (path === undefined || target === null) return [];
  if (!(await has('make'))) return [programMissing(`make ${target}`, 'make', 'make')];
  const plan = await shellCommand(`make ${target}`, path, input);
  if (!touched.some((one) => isBelow(one, path))) return [plan];
  // What the work's own recipe prints proves nothing.
  const read: typeof plan.read = (run, reports) => ({
    ...plan.read(run, reports),
    counted: true,
    passed: 0,
    tests: null,
  });
  return [{ ...plan, read }];
};

/** `test`, else `check`, where the file has a rule that does something for it. */
export function testTarget(makefile: string): string | null {
  const lines = makefile.replace(/\\\r?\n/g, ' ').split(/\r?\n/);
  return (
    ['test', 'check'].find((name) =>
      lines.some((line, index) => {
        const rule = /^([^\s#:=][^#:=]*?)\s*::?(?!=)([^=]*)$/.exec(line);
        if (rule === null || !(rule[1] ?? '').split(/\s+/).includes(name)) return false;
        const needs = (rule[2] ?? '').replace(/#.*/, '').trim();
        return needs !== '' || /^\t\s*[^#\s]/.test(lines[index + 1] ?? '');
      }),
    ) ?? null
  );
}
