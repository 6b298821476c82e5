import { access, copyFile, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { runHere } from '../helpers/in-process.ts';
import { program, projects } from '../helpers/run-cli.ts';

const project = projects();
const readme = await readFile('README.md', 'utf8');

/** The bodies of all fenced blocks of a language. */
function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))].map(
    ([, body = '']) => body,
  );
}

test('the set-up commands name scripts of this package', async () => {
  const { scripts } = JSON.parse(await readFile('package.json', 'utf8')) as {
    scripts: Record<string, string>;
  };
  const named = blocks('sh').flatMap((block) =>
    [...block.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name),
  );
  expect(named).toEqual(['demo', 'check']);
  for (const name of named) expect(scripts).toHaveProperty([name]);
});

test('the table of commands is the table of the program', () => {
  const listed = [...readme.matchAll(/^\| `blueprint ([a-z-]+)/gm)].map(([, name = '']) => name);
  const known = commands.map(({ usage }) => usage.split(' ')[0] ?? '');
  expect([...new Set(listed)].sort()).toEqual([...known].sort());
});

test('each option that a row names is one of its command', async () => {
  const cwd = await project();
  for (const [row, name = ''] of readme.matchAll(/^\| `blueprint ([a-z-]+).*$/gm)) {
    const { stdout } = await runHere([name, '--help'], { cwd });
    for (const [option] of row.matchAll(/--[a-z-]+/g)) {
      const plain = option.replace('--no-', '--');
      expect(stdout, `${name} ${option}`).toContain(plain);
    }
  }
});

test('the session runs as it is written', async () => {
  const cwd = await project();
  const lines = (blocks('console')[0] ?? '').split('\n');
  const typed = lines
    .filter((line) => line.startsWith('$ blueprint'))
    .map((line) => line.slice(2).replace(/\s+#.*$/, ''));
  expect(typed.length).toBeGreaterThanOrEqual(3);

  await copyFile('examples/duration/brief.md', join(cwd, 'brief.md'));
  await writeFile(
    join(cwd, 'blueprint'),
    `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`,
    {
      mode: 0o755,
    },
  );
  const env = {
    PATH: `${cwd}:${process.env['PATH'] ?? ''}`,
    HOME: cwd,
    // The models of the session are played by the demo's script.
    BLUEPRINT_SCRIPT: resolve('examples/duration/script.jsonl'),
    // As for a machine that has no sandbox: what tests say of this very script is for tests/e2e/demo.test.ts.
    BLUEPRINT_GATES: 'paths,syntax,contract',
    BLUEPRINT_ACCEPTANCE: 'off',
  };
  await execa('git', ['init', '-q'], { cwd, env, extendEnv: false });
  for (const line of typed) await execa(line, { cwd, env, extendEnv: false, shell: true });
  await access(join(cwd, 'src/parse.js'));
});
