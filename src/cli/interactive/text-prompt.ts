import { createPrompt, isEnterKey, useEffect, useKeypress, useRef, useState } from '@inquirer/core';
import { cutTo } from '../views/cells.ts';
import { printable } from '../views/cells.ts';
import type { PromptTerminal } from './list-prompt.ts';

export interface TextConfig {
  readonly message: string;
  /** Stands in the line, to be changed. */
  readonly preset: string;
  /** What is taken when nothing is typed; shown as such. */
  readonly suggestion: string;
  /** Pasted text may have several lines; else its line feeds become spaces. */
  readonly lines: boolean;
  readonly terminal: PromptTerminal;
}

/** Pasted lines that stay in view. */
const shownLines = 5;
const pasteOn = '\u001B[?2004h';
const pasteOff = '\u001B[?2004l';

/**
 * Text to type or paste. Pasted text is taken as a whole, where the prompt that comes with inquirer
 * ends at its first line feed and leaves the rest to whoever reads the terminal next: the shell.
 * Escape gives null where nothing was typed that it could lose.
 */
export const textPrompt = createPrompt<string | null, TextConfig>((config, done) => {
  const { terminal, suggestion } = config;
  const { paint } = terminal;
  const [above, setAbove] = useState<readonly string[]>([]);
  const [value, setValue] = useState('');
  const [answer, setAnswer] = useState<string | null>(null);
  const pasting = useRef(false);
  const asked = useRef(false);
  // Before anything is shown: whoever sees the question may paste at once.
  if (asked.current !== true) {
    asked.current = true;
    terminal.write(pasteOn);
  }

  useEffect((line) => {
    if (config.preset !== '') {
      line.write(config.preset);
      setValue(config.preset);
    }
    return () => terminal.write(pasteOff);
  }, []);
  useKeypress((key, line) => {
    if (answer !== null) return;
    if (key.name === 'escape') {
      if (above.length > 0 || value !== config.preset) return;
      setAnswer('');
      return done(null);
    }
    if (key.name === 'paste-start') pasting.current = true;
    else if (key.name === 'paste-end') pasting.current = false;
    else if (isEnterKey(key)) {
      if (pasting.current === true) {
        if (config.lines) {
          setAbove([...above, value]);
          return setValue('');
        }
        line.write(`${value} `);
        return setValue(`${value} `);
      }
      const text = [...above, value].join('\n');
      const taken = text.trim() === '' ? suggestion : text;
      setAnswer(taken);
      return done(taken);
    }
    setValue(line.line);
  });

  const width = terminal.columns() - 1;
  if (answer !== null) return answerLine(config.message, answer, width, terminal);
  const head = `${paint.blue('?')} ${paint.bold(config.message)}`;
  const hint =
    suggestion !== '' && value === '' && above.length === 0 ? paint.dim(` (${suggestion})`) : '';
  // A tab has no fixed width; it is kept in the text, and shown as one cell.
  const typed = value.replaceAll('\t', ' ');
  if (above.length === 0) return `${head}${hint} ${typed}`;
  const hidden = above.length - shownLines;
  return [
    head,
    ...(hidden > 0 ? [paint.dim(`  … ${hidden} lines`)] : []),
    ...above.slice(-shownLines).map((line) => cutTo(`  ${line.replaceAll('\t', '  ')}`, width)),
    `  ${typed}`,
  ].join('\n');
});

function answerLine(
  message: string,
  answer: string,
  width: number,
  { paint }: PromptTerminal,
): string {
  const [first = '', ...rest] = printable(answer).trim().split('\n');
  const more = rest.length === 0 ? '' : ` (and ${rest.length} more lines)`;
  return `${paint.green('✔')} ${paint.bold(message)} ${paint.cyan(cutTo(first, Math.max(20, width * 2)))}${paint.dim(more)}`;
}
