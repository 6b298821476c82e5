import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeTemporaryFolder } from '../../../src/files/temporary-folder.ts';
import { isFile } from '../../../src/files/is-there.ts';
import { hostPackages } from '../../../src/gates/host-packages.ts';
import { hostPrograms, plain, strongest } from '../../helpers/sandboxes.ts';
import { checkTests } from '../checked.ts';
import { writeFiles } from '../inputs.ts';
import { bunSample, phpunitSample, rspecSample } from '../languages.ts';

const isThere = async (program: string): Promise<boolean> =>
  (await hostPrograms.find(program)) !== null;

const leaving = [
  { sample: phpunitSample, files: { 'src/add.php': '<?php\nexit(0);\n' } },
  { sample: rspecSample, files: { 'lib/add.rb': 'exit!(0)\n' } },
  { sample: bunSample, files: { 'src/add.ts': 'process.exit(0);\nexport const add = 1;\n' } },
];
const there = await Promise.all(leaving.map(({ sample }) => isThere(sample.program)));

describe('code that ends its own tests with success is a failure', () => {
  for (const [at, { sample, files }] of leaving.entries())
    test.skipIf(there[at] !== true)(`${sample.runner} (needs ${sample.program})`, async () => {
      const { result } = await checkTests(files, { ...sample.right, ...sample.tests });
      expect(result.status).toBe('failed');
    });
});

// A runner that stands in for the project's own: Debian's.
const library = '/usr/share/php/PHPUnit/Autoload.php';
describe.skipIf(!(await isFile(library)))('packages of Composer (needs phpunit)', () => {
  const vendor = {
    'vendor/autoload.php': "<?php\nrequire __DIR__ . '/../src/add.php';\n",
    'vendor/bin/phpunit':
      "#!/usr/bin/env php\n<?php\nrequire '/usr/share/php/PHPUnit/Autoload.php';\nPHPUnit\\TextUI\\Command::main();\n",
  };
  const { right, wrong } = phpunitSample;
  const base = {
    ...right,
    'composer.json': '{ "require-dev": { "phpunit/phpunit": "^9" } }',
    'tests/AddTest.php': phpunitSample.tests['tests/AddTest.php'] ?? '',
  };

  test.each([strongest, plain])(
    'load the code of the copy in the sandbox $name',
    async (sandbox) => {
      await using folder = await makeTemporaryFolder();
      const root = join(folder.path, 'project');
      await mkdir(root);
      await writeFiles(root, { ...base, ...vendor });
      const gate = { host: hostPackages(root, {}), sandbox: () => Promise.resolve(sandbox) };
      const { result } = await checkTests(wrong, base, { gate });
      expect([result.summary, ...result.findings]).toMatchObject([
        expect.any(String),
        { location: 'tests/AddTest.php:8' },
      ]);
    },
  );
});
