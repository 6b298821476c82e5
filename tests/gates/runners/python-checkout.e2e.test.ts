import { execFileSync } from 'node:child_process';
import { chmod, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeTemporaryFolder } from '../../../src/files/temporary-folder.ts';
import { hostPackages } from '../../../src/gates/host-packages.ts';
import { hostPrograms, plain, strongest } from '../../helpers/sandboxes.ts';
import { checkTests } from '../checked.ts';
import { writeFiles } from '../inputs.ts';

const python = await hostPrograms.find('python3');

/** Each package by the way in which it is installed. */
const packages = {
  by_line: 'lib/by_line',
  by_finder: 'code/other-name',
  'space.part': 'deep/space/part',
  by_redirect: 'redirected/by_redirect',
  by_link: 'linked/by_link',
};
const names = Object.keys(packages);

const sources = (operator: string): Record<string, string> =>
  Object.fromEntries(
    Object.values(packages).map((folder) => [
      `${folder}/__init__.py`,
      `def add(a, b):\n    return a ${operator} b\n`,
    ]),
  );
const methods = names.map(
  (name) => `    def test_${name.replace('.', '_')}(self):
        self.assertEqual(importlib.import_module("${name}").add(1, 2), 3)
`,
);
const committed = {
  'pyproject.toml': '[project]\nname = "many-things"\nversion = "1"\n',
  ...sources('+'),
  'tests/test_all.py': `import importlib
import subprocess
import sys
import unittest


class AllTest(unittest.TestCase):
${methods.join('\n')}
    def test_child(self):
        code = "import by_line; print(by_line.add(1, 2))"
        self.assertEqual(subprocess.check_output([sys.executable, "-c", code]), b"3\\n")
`,
};

/** What setuptools writes where packages have other folders than their names. */
const finder = (root: string): string => `import sys
from importlib.machinery import PathFinder
from importlib.util import spec_from_file_location
from pathlib import Path

MAPPING = {'by_finder': '${root}/code/other-name'}
NAMESPACES = {'space': ['${root}/deep/space']}


class _EditableFinder:
    @classmethod
    def find_spec(cls, fullname, path=None, target=None):
        if fullname in MAPPING:
            init = Path(MAPPING[fullname], '__init__.py')
            return spec_from_file_location(fullname, init) if init.exists() else None
        return None


class _EditableNamespaceFinder:
    @classmethod
    def find_spec(cls, fullname, path=None, target=None):
        if fullname not in NAMESPACES:
            return None
        spec = PathFinder.find_spec(fullname, [str(Path(one).parent) for one in NAMESPACES[fullname]])
        return spec


def install():
    sys.meta_path.append(_EditableFinder)
    sys.meta_path.append(_EditableNamespaceFinder)
`;
/** What the package \`editables\` keeps, which hatch and pdm use. */
const redirector = (root: string): string => `import sys
from importlib.util import spec_from_file_location


class RedirectingFinder:
    _redirections = {'by_redirect': '${root}/redirected/by_redirect/__init__.py'}

    @classmethod
    def find_spec(cls, fullname, path=None, target=None):
        return spec_from_file_location(fullname, cls._redirections[fullname]) if fullname in cls._redirections else None


def install():
    sys.meta_path.append(RedirectingFinder)
`;

async function checkout() {
  const folder = await makeTemporaryFolder();
  const root = join(folder.path, 'checkout');
  await writeFiles(root, committed);
  execFileSync(python ?? '', ['-m', 'venv', '--without-pip', join(root, '.venv')]);
  const [version = ''] = await readdir(join(root, '.venv/lib'));
  const site = join(root, '.venv/lib', version, 'site-packages');
  await writeFiles(site, {
    '__editable__.by_line-1.pth': `${root}/lib\n`,
    '__editable__.many_things-1.pth':
      'import __editable___many_things_1_finder; __editable___many_things_1_finder.install()\n',
    '__editable___many_things_1_finder.py': finder(root),
    'editables/__init__.py': '',
    'editables/redirector.py': redirector(root),
    '_by_redirect.pth': 'import editables.redirector; editables.redirector.install()\n',
  });
  await symlink(`${root}/linked/by_link`, join(site, 'by_link'));
  const program = join(root, '.venv/bin/check-all');
  const lines = ['import sys, unittest', 'unittest.main(module=None, argv=["x", *sys.argv[1:]])'];
  await writeFiles(root, {
    '.venv/bin/check-all': [`#!${root}/.venv/bin/python`, ...lines, ''].join('\n'),
  });
  await chmod(program, 0o755);
  const host = hostPackages(root, { cargo: '/nonexistent', go: '/nonexistent' });
  return { host, [Symbol.asyncDispose]: () => folder.remove() };
}

describe.skipIf(python === null).each([strongest, plain])('$name', (sandbox) => {
  const gate = { sandbox: () => Promise.resolve(sandbox) };

  test("what is installed from the checkout is the copy's", async () => {
    await using project = await checkout();
    const over = { gate: { ...gate, host: project.host } };
    const right = await checkTests({ 'a.txt': 'x' }, committed, over);
    expect(right.result.findings).toEqual([]);
    expect(right.result.summary).toContain('unittest: 6 tests passed');
    const wrong = await checkTests(sources('-'), committed, over);
    const failed = wrong.result.findings.map(({ evidence }) => /\.(test_\w+):/.exec(evidence)?.[1]);
    expect(failed.sort()).toEqual(
      [...names.map((name) => `test_${name.replace('.', '_')}`), 'test_child'].sort(),
    );
  });

  test.each(['python -m unittest discover -s tests', 'check-all discover -s tests'])(
    'so it is for a command of the user: %s',
    async (command) => {
      await using project = await checkout();
      const over = { gate: { ...gate, host: project.host, command } };
      const right = await checkTests({ 'a.txt': 'x' }, committed, over);
      expect(right.result).toMatchObject({ status: 'passed', findings: [] });
      const wrong = await checkTests(sources('-'), committed, over);
      expect(wrong.result.status).toBe('failed');
      expect(wrong.result.findings[0]?.evidence).toContain('failures=6');
    },
  );
});
