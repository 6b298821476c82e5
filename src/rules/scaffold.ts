import type { FileBundle } from '../domain/bundle.ts';
import type { Task } from '../domain/task.ts';
import { toSingleLine, withoutControls } from '../domain/text.ts';

const maxFiles = 12;
const notice = 'Scaffold by the offline planner of blueprint: no model has written this yet.';
const testPath = /(?:^|\/)tests?\/|[._-](?:test|spec)s?\.|(?:^|\/)test_|Tests?\.\w+$/;

/**
 * A task's files as placeholders that say what belongs where. Each is sound in its language. Files that
 * exist are left alone: a scaffold must not take the place of work.
 */
export function scaffoldOf(task: Task, existing: ReadonlySet<string>): FileBundle {
  const wanted = task.files.length > 0 ? task.files : [defaultPath(task)];
  let paths = wanted.filter((path) => !existing.has(path)).slice(0, maxFiles);
  if (paths.length === 0) paths = [`docs/tasks/${task.id}.md`];
  return {
    files: paths.map((path) => ({ path, content: `${contentFor(path, task)}\n` })),
    edits: [],
    deletions: [],
    tests: paths.filter((path) => testPath.test(path) && commentFor(path) !== null),
    commands: [],
    notes: `${notice} It marks the files of ${task.id} and what they must do; set the key of a provider to have a model write them.`,
  };
}

function defaultPath(task: Task): string {
  return task.type === 'architecture' ? 'docs/design.md' : `docs/tasks/${task.id}.md`;
}

function points(task: Task): string[] {
  const lines = [task.title, ...task.acceptance.map((criterion) => `- ${criterion}`)];
  return [notice, ...lines].map((line) => toSingleLine(line));
}

/** What starts a line of comment in a file, or null where there are none. */
function commentFor(path: string): string | null {
  const name = path.split('/').at(-1) ?? path;
  if (/^(?:Dockerfile|Makefile|Gemfile|Rakefile|\.\w*ignore|\.env.*)$/.test(name)) return '#';
  const extension = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  if (/^(?:[cm]?[jt]sx?|go|rs|java|kt|cs|c|h|cc|cpp|hpp|swift|scala|dart|mod)$/.test(extension))
    return '//';
  if (/^(?:py|rb|sh|bash|ya?ml|toml|r|pl|ex|exs|cfg|ini|conf)$/.test(extension)) return '#';
  if (extension === 'sql' || extension === 'lua') return '--';
  return null;
}

function contentFor(path: string, task: Task): string {
  if (path.endsWith('.json')) return JSON.stringify(manifestFor(path, task), null, 2);
  if (/\.(?:html?|xml|csproj|svg|vue)$/.test(path)) return markupFor(path, task);
  if (path.endsWith('.css')) return `/* ${points(task).join('\n').replaceAll('*/', '* /')} */`;
  if (path.endsWith('.php')) return `<?php\n${comments('//', task).replaceAll('?>', '? >')}`;
  const comment = commentFor(path);
  if (comment === null) return prose(task);
  return [comments(comment, task), ...bodyFor(path, task)].join('\n');
}

function comments(mark: string, task: Task): string {
  return points(task)
    .map((line) => `${mark} ${line}`)
    .join('\n');
}

/** What a language wants in a file beside comments, so that the file can be compiled. */
function bodyFor(path: string, task: Task): string[] {
  const isTest = testPath.test(path);
  if (/\.[cm]?[jt]sx?$/.test(path)) {
    if (!isTest) return ['export {};'];
    return [
      "import { test } from 'node:test';",
      '',
      ...task.acceptance.map(
        (criterion) => `test.todo(${JSON.stringify(toSingleLine(criterion))});`,
      ),
    ];
  }
  if (path.endsWith('.go')) return [`package ${packageOf(path)}`];
  if (path.endsWith('go.mod')) return ['module example.com/scaffold', '', 'go 1.22'];
  if (path.endsWith('Cargo.toml'))
    return ['[package]', 'name = "scaffold"', 'version = "0.1.0"', 'edition = "2021"'];
  if (path.endsWith('.py') && isTest)
    return [
      'import unittest',
      '',
      '',
      '@unittest.skip("scaffold")',
      'class Scaffold(unittest.TestCase):',
      '    pass',
    ];
  return [];
}

function packageOf(path: string): string {
  const folder = path.split('/').at(-2) ?? 'main';
  return /^[a-z]\w*$/.test(folder) ? folder : 'scaffold';
}

function manifestFor(path: string, task: Task): Record<string, unknown> {
  // A description is a field of manifests; other JSON files may allow no fields but their own.
  if (/(?:^|\/)(?:package|composer)\.json$/.test(path))
    return { private: true, description: `${notice} ${toSingleLine(task.title)}` };
  return {};
}

function markupFor(path: string, task: Task): string {
  // Two hyphens may not stand within a comment.
  const comment = `<!--\n${points(task).join('\n').replaceAll('--', '- -')}\n-->`;
  if (/\.html?$/.test(path)) return `<!doctype html>\n${comment}\n<title>Scaffold</title>`;
  if (path.endsWith('.csproj')) return `<Project Sdk="Microsoft.NET.Sdk">\n${comment}\n</Project>`;
  return path.endsWith('.vue') ? `${comment}\n<template></template>` : `${comment}\n<scaffold />`;
}

function prose(task: Task): string {
  return [
    `# ${toSingleLine(task.title)}`,
    `> ${notice}`,
    withoutControls(task.description).trim(),
    ...(task.acceptance.length === 0
      ? []
      : [
          `## To be shown`,
          task.acceptance.map((criterion) => `- [ ] ${toSingleLine(criterion)}`).join('\n'),
        ]),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
