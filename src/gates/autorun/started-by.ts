import { posix } from 'node:path';
import { calledBy } from './package-scripts.ts';

/** What stands before a command in YAML, JSON, TOML and lists of them. */
const prefix = /^[\s-]*(?:["']?[\w-]+["']?(?:\s*:\s+|\s+=\s+))?[\s"'[|>&@]*/;
/** Keys of workflows whose values are names and paths, which nothing starts. */
const inert =
  /^[\s-]*["']?(?:name|description|if|uses|needs|paths?(?:-ignore)?|files?|filepath|changes|src|dest|source|target|key|restore-keys|working-directory|cache|artifacts|include|exclude|config|on|branches|tags)["']?\s*:/i;
/** The folder of the checkout, as workflows and hooks write it. */
const root =
  /(?:\$\{\{\s*github\.workspace\s*\}\}|\$\{?(?:GITHUB_WORKSPACE|CI_PROJECT_DIR|PWD)\}?|"?\$\(git rev-parse --show-toplevel\)"?)\//g;
const wrappers =
  /^(?:sudo|exec|time|env|command|nohup|npx|bunx|uv|poetry|pipenv|run|then|do|else|if|!|[A-Za-z_]\w*=.*)$/;
const interpreters =
  /^(?:node|bun|deno|tsx|ts-node|python[\d.]*|py|ruby|perl|php|pwsh|powershell|bash|sh|zsh|ksh|fish|dash|source|\.)$/;
/** Options after which an interpreter starts no file of that name. */
const other = /^(?:-[mecpn]|--(?:test|eval|print|check|run|command))$/;

/** Lines of a text that may hold commands, with their numbers from 1: not what lists names and paths. */
export function commandLines(text: string): { readonly line: string; readonly number: number }[] {
  const found: { line: string; number: number }[] = [];
  let isInert = false;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^[\s-]*["']?[\w-]+["']?\s*:(?:\s|$)/.test(line)) isInert = inert.test(line);
    if (!isInert) found.push({ line, number: index + 1 });
  }
  return found;
}

/** Files that the commands in a line start: programs by their path, or what an interpreter is given. Normalised. */
export function startedBy(line: string): string[] {
  return commandsIn(line).flatMap((words) => {
    const first = words.findIndex((word) => !wrappers.test(word));
    const program = words[first];
    if (program === undefined) return [];
    if (!interpreters.test(program)) return program.includes('/') ? plain(program) : [];
    for (const word of words.slice(first + 1)) {
      if (other.test(word)) return [];
      if (word === 'run' || word.startsWith('-')) continue;
      return plain(word);
    }
    return [];
  });
}

/** Scripts of package.json that the commands in a line run. */
export function scriptsCalled(line: string): string[] {
  return commandsIn(line).flatMap((words) => calledBy(words.join(' ')));
}

function commandsIn(line: string): string[][] {
  const command = line.trimStart().startsWith('#') ? '' : line.replace(prefix, '');
  return command
    .replace(root, './')
    .split(/&&|\|\||[;|()]/)
    .map((part) => part.split(/[\s"',\]}]+/).filter((word) => word !== ''));
}

function plain(word: string): string[] {
  const path = posix.normalize(word);
  return /^[\w@+.][\w@+./-]*$/.test(path) && !path.startsWith('..') ? [path] : [];
}
