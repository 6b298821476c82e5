import type { FileBundle } from '../domain/bundle.ts';
import type { Task } from '../domain/task.ts';
import { cleanedLine, cleanedText } from '../domain/text.ts';

const maxFiles = 12;
const notice = 'Scaffold by the offline planner of blueprint: no model has written this yet.';
const testPath = /(?:^|\/)tests?\/|[._-](?:test|spec)s?\.|(?:^|\/)test_|Tests?\.\w+$/;

/** What starts a line of comment, by the files that have such lines. */
const commentMarks: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)(?:(?:Docker|Make|Gem|Rake)file|\.\w*ignore|\.env[^/]*)$/, '#'],
  [/\.(?:[cm]?[jt]sx?|go|rs|java|kt|cs|c|h|cc|cpp|hpp|swift|scala|dart|mod)$/i, '//'],
  [/\.(?:py|rb|sh|bash|ya?ml|toml|r|pl|ex|exs|cfg|ini|conf)$/i, '#'],
  [/\.(?:sql|lua)$/i, '--'],
];

/** What a language wants in a file beside comments, so that the file can be compiled. */
const bodies: readonly (readonly [RegExp, string])[] = [
  [/\.[cm]?[jt]sx?$/, 'export {};'],
  [/(?:^|\/)go\.mod$/, 'module example.com/scaffold\n\ngo 1.22'],
  [/Cargo\.toml$/, '[package]\nname = "scaffold"\nversion = "0.1.0"\nedition = "2021"'],
];

/**
 * A task's files as placeholders that say what belongs where. Each is sound in its language. Files that
 * exist are left alone: a scaffold must not take the place of work.
 */
export function scaffoldOf(task: Task, existing: ReadonlySet<string>): FileBundle {
  const notes = `docs/tasks/${task.id}.md`;
  const usual = task.type === 'architecture' ? 'docs/design.md' : notes;
  const wanted = task.files.length > 0 ? task.files : [usual];
  const free = wanted.filter((path) => !existing.has(path)).slice(0, maxFiles);
  const paths = free.length > 0 ? free : [notes];
  return {
    files: paths.map((path) => ({ path, content: `${contentFor(path, task)}\n` })),
    edits: [],
    deletions: [],
    tests: paths.filter((path) => testPath.test(path) && found(commentMarks, path) !== null),
    commands: [],
    notes: `${notice} It marks the files of ${task.id} and what they must do; set the key of a provider to have a model write them.`,
  };
}

function found(table: readonly (readonly [RegExp, string])[], path: string): string | null {
  return table.find(([pattern]) => pattern.test(path))?.[1] ?? null;
}

function contentFor(path: string, task: Task): string {
  const points = [notice, task.title, ...task.acceptance.map((criterion) => `- ${criterion}`)];
  const text = points.map((line) => cleanedLine(line)).join('\n');
  const commented = (mark: string): string => text.replace(/^/gm, `${mark} `);
  // A description is a field of manifests; other JSON files may allow no fields but their own.
  const description = `${notice} ${cleanedLine(task.title)}`;
  if (/(?:^|\/)(?:package|composer)\.json$/.test(path))
    return JSON.stringify({ private: true, description }, null, 2);
  if (path.endsWith('.json')) return '{}';
  if (path.endsWith('.css')) return `/* ${text.replaceAll('*/', '* /')} */`;
  if (path.endsWith('.php')) return `<?php\n${commented('//').replaceAll('?>', '? >')}`;
  // Two hyphens may not stand within a comment of markup.
  const markup = `<!--\n${text.replaceAll('--', '- -')}\n-->`;
  if (/\.html?$/.test(path)) return `<!doctype html>\n${markup}\n<title>Scaffold</title>`;
  if (path.endsWith('.csproj')) return `<Project Sdk="Microsoft.NET.Sdk">\n${markup}\n</Project>`;
  if (path.endsWith('.vue')) return `${markup}\n<template></template>`;
  if (/\.(?:xml|svg)$/.test(path)) return `${markup}\n<scaffold />`;
  const mark = found(commentMarks, path);
  return mark === null ? prose(task) : [commented(mark), ...bodyFor(path, task)].join('\n');
}

function bodyFor(path: string, { acceptance }: Task): string[] {
  if (path.endsWith('.go')) {
    const folder = path.split('/').at(-2) ?? 'main';
    return [`package ${/^[a-z]\w*$/.test(folder) ? folder : 'scaffold'}`];
  }
  if (!/\.[cm]?[jt]sx?$/.test(path) || !testPath.test(path))
    return [found(bodies, path) ?? []].flat();
  const todos = acceptance.map((criterion) => JSON.stringify(cleanedLine(criterion)));
  return ["import { test } from 'node:test';\n", ...todos.map((todo) => `test.todo(${todo});`)];
}

function prose({ title, description, acceptance }: Task): string {
  const shown = acceptance.map((criterion) => `- [ ] ${cleanedLine(criterion)}`).join('\n');
  return [
    `# ${cleanedLine(title)}`,
    `> ${notice}`,
    cleanedText(description).trim(),
    shown === '' ? '' : `## To be shown\n\n${shown}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}
