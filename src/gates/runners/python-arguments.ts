import { posix } from 'node:path';
import { shellWords } from './shell-words.ts';

/** What a command gives to pytest or unittest. */
export interface PythonArguments {
  readonly mode: 'pytest' | 'unittest';
  readonly arguments: readonly string[];
  /** Set before it: `NAME=value`. */
  readonly env: Readonly<Record<string, string>>;
}

/** Programs that start another one in an environment, or watch it. */
const launchers =
  /^(?:poetry|uv|pdm|hatch|pipenv|rye|conda|python[\d.]*|coverage|env|xvfb-run|time|exec|nice)$/;
const setsVariable = /^([A-Za-z_]\w*)=(.*)$/s;

/**
 * A command of a shell taken apart, however it starts the runner; null where it starts another program, or
 * needs a shell. Of several commands the first that starts one counts.
 */
export function pythonArguments(command: string): PythonArguments | null {
  for (const line of command.split('\n'))
    for (const part of line.split(/&&|;/)) {
      const words = shellWords(part.replace(/^\s*[-@+]+\s*/, '')) ?? [];
      // Paths behind it are those of another folder.
      if (/^(?:cd|pushd)$/.test(words[0] ?? '')) break;
      const found = ofOne(words);
      if (found !== null) return found;
    }
  return null;
}

function ofOne(words: readonly string[]): PythonArguments | null {
  const env: Record<string, string> = {};
  for (const [at, word] of words.entries()) {
    const [, name, value = ''] = setsVariable.exec(word) ?? [];
    const before = words.slice(0, at).filter((one) => !setsVariable.test(one));
    const [first] = before;
    if (name !== undefined && (first === undefined || first === 'env')) env[name] = value;
    else if (first !== undefined && !launchers.test(posix.basename(first))) return null;
    // Installed, not run.
    else if (word === 'install' || word === 'pip') return null;
    else {
      const mode = modeOf(word, before);
      if (mode !== null) return { mode, arguments: options(words.slice(at + 1), mode), env };
    }
  }
  return null;
}

function modeOf(word: string, before: readonly string[]): PythonArguments['mode'] | null {
  const last = before.at(-1) ?? '';
  if (/^--(?:with|group|extra|only-group)$/.test(last)) return null;
  if (/^(?:pytest|py\.test)$/.test(posix.basename(word))) return 'pytest';
  return word === 'unittest' && last === '-m' ? 'unittest' : null;
}

/** Options of pytest that say how results are told, end the run early, or choose by an earlier one. */
const dropped =
  /^(?:-(?:v+|q+|x|l|s|r\w+)|--(?:verbose|quiet|exitfirst|showlocals|cov\b.*|no-cov.*|junit-?xml\b.*|html\b.*|self-contained-html|durations\b.*|durations-min\b.*|color\b.*|code-highlight\b.*|tb\b.*|maxfail\b.*|lf|last-failed|ff|failed-first|nf|new-first|sw|stepwise|pdb|trace|dist\b.*|numprocesses\b.*|capture\b.*|no-header|no-summary|basetemp\b.*|cache-clear|report-log\b.*))$/;
const withValue =
  /^--(?:cov-report|cov-config|cov-fail-under|junit-?xml|html|durations|color|tb|maxfail|dist|numprocesses|capture|basetemp|report-log)$/;

function options(words: readonly string[], mode: PythonArguments['mode']): string[] {
  // How unittest finds its files is for its own rules, which are followed anyway.
  if (mode === 'unittest') return [];
  const kept: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '-n' || withValue.test(word)) at += 1;
    // Its value may stand apart.
    else if (word === '--cov')
      at += /^[^-]/.test(words[at + 1] ?? '') && at + 2 < words.length ? 1 : 0;
    else if (!dropped.test(word) && !/^-n(?:\d+|auto)$/.test(word)) kept.push(word);
  }
  return kept;
}
