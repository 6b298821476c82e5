import { describe, expect, test } from 'vitest';
import { planOf } from '../../src/rules/plan.ts';
import { stackOfProject } from '../../src/rules/project.ts';
import { specOf } from '../../src/rules/spec.ts';

/** Files by path; a path with a slash at its end is a folder. */
function look(files: Readonly<Record<string, string>>) {
  return {
    read: async (path: string) => files[path] ?? null,
    hasFolder: async (path: string) => `${path}/` in files,
  };
}

const brief = '# Clock\n\nThe clock must show the time in Python and React words.\n';

describe('an existing project', () => {
  test.each([
    ['go.mod', { 'go.mod': 'module x\n' }, 'go test ./...', /^internal\/\w+\/\w+\.go$/],
    ['Cargo.toml', { 'Cargo.toml': '[package]\n', 'tests/': '' }, 'cargo test', /^src\/\w+\.rs$/],
    [
      'pyproject.toml',
      { 'pyproject.toml': '[project]\nname = "my-clock"\n', 'my_clock/': '', 'test/': '' },
      'python -m pytest',
      /^my_clock\/\w+\.py$/,
    ],
    [
      'package.json',
      {
        'package.json': '{"type":"module","scripts":{"test":"vitest"}}',
        'tsconfig.json': '{}',
        'pnpm-lock.yaml': '',
        'lib/': '',
      },
      'pnpm test',
      /^lib\/[\w-]+\.ts$/,
    ],
    [
      'go.mod',
      { 'go.mod': 'module x\n', 'package.json': '{"devDependencies":{"prettier":"3"}}' },
      'go test ./...',
      /\.go$/,
    ],
  ])('%s gives language, paths and test command', async (manifest, files, command, source) => {
    const project = await stackOfProject(look(files));
    expect(project?.manifest).toBe(manifest);
    const { tasks } = planOf(brief, project);
    const code = tasks.find(({ type }) => type === 'code');
    expect(code?.files[0]).toMatch(source);
    expect(code?.acceptance.join()).toContain(command);
    const ground = tasks.find(({ type }) => type === 'boilerplate');
    expect(ground?.files).toEqual([manifest, '.gitignore']);
    expect(specOf(brief, [], project).openQuestions).toEqual([]);
  });

  test('a new one is planned by the words of its brief', async () => {
    const project = await stackOfProject(look({ 'README.md': 'npm' }));
    expect(project).toBeNull();
    expect(planOf(brief, project).tasks[2]?.files[0]).toMatch(/\.(?:py|jsx?|tsx?)$/);
  });
});
