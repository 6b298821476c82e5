import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { gathering } from '../../../src/gates/runners/gathered-reports.ts';
import { temporaryFolder } from '../../state/fixtures.ts';

test('reports are taken from the build alone, never from what is shown among our own files', async () => {
  const copy = await temporaryFolder();
  const tools = '.git/blueprint-0123456789abcdef';
  const mounted = `${tools}/repository/a/target/surefire-reports/TEST-mounted.xml`;
  const files = {
    [mounted]: '<mounted/>',
    [`${tools}/reports/.keep`]: '',
    'a/target/surefire-reports/TEST-old.xml': '<old/>',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await writeFile(join(copy, path), text);
  }
  const script = `tools=$PWD/${tools}
set -- sh -c 'echo "<new/>" > a/target/surefire-reports/TEST-new.xml'
${gathering(['*/target/surefire-reports/TEST-*.xml'])}`;
  await execa('/bin/sh', ['-c', script], { cwd: copy });
  expect(await readFile(join(copy, mounted), 'utf8')).toBe('<mounted/>');
  const reports = join(copy, tools, 'reports');
  const found = (await readdir(reports)).filter((name) => name.endsWith('.xml'));
  const texts = await Promise.all(found.map((name) => readFile(join(reports, name), 'utf8')));
  expect(texts).toEqual(['<new/>\n']);
});
