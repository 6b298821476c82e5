import { textOf } from './lines.ts';

export interface SearchReplace {
  readonly search: string;
  readonly replace: string;
}

const opening = /^<{5,} SEARCH\s*$/;
const withoutNewline = ' no newline';

export function isSearchMark(line: string): boolean {
  return opening.test(line);
}

export function isReplaceMark(line: string): boolean {
  return /^>{5,} REPLACE/.test(line);
}

/**
 * The SEARCH/REPLACE blocks in the lines, in order. The marks of a block are of one length, so that a
 * text which holds such marks itself is given longer ones.
 */
export function readEdits(
  lines: readonly string[],
): { edits: SearchReplace[] } | { fault: string } {
  const edits: SearchReplace[] = [];
  let line = 0;
  while (line < lines.length) {
    const text = lines[line] ?? '';
    if (text.trim() === '') {
      line++;
      continue;
    }
    if (!opening.test(text))
      return { fault: `has «${shown(text)}» where <<<<<<< SEARCH was expected` };
    const length = text.indexOf(' ');
    let end = line + 1;
    while (end < lines.length && !isMark(lines[end] ?? '', '>', length, ' REPLACE')) end++;
    if (end === lines.length) return { fault: `has a SEARCH block without its >>>>>>> REPLACE` };
    const dividers = indexesBetween(lines, line, end, (other) => isMark(other, '=', length, ''));
    const [divider] = dividers;
    if (divider === undefined || dividers.length > 1)
      return {
        fault: `needs exactly one line ${'='.repeat(length)} between SEARCH and REPLACE, not ${dividers.length}; use longer marks where the text holds such lines`,
      };
    edits.push({
      search: ending(lines.slice(line + 1, divider), lines[divider]),
      replace: ending(lines.slice(divider + 1, end), lines[end]),
    });
    line = end + 1;
  }
  return edits.length === 0 ? { fault: 'holds no SEARCH/REPLACE block' } : { edits };
}

export function renderEdit({ search, replace }: SearchReplace): string {
  const runs = [...`${search}\n${replace}`.matchAll(/^(?:<+|=+|>+)/gm)].map(([run]) => run.length);
  const length = runs.reduce((longest, run) => Math.max(longest, run + 1), 7);
  const part = (text: string): [string, string] => {
    if (text === '') return ['', ''];
    return text.endsWith('\n') ? [text, ''] : [`${text}\n`, withoutNewline];
  };
  const [old, oldEnd] = part(search);
  const [fresh, freshEnd] = part(replace);
  return `${'<'.repeat(length)} SEARCH\n${old}${'='.repeat(length)}${oldEnd}\n${fresh}${'>'.repeat(length)} REPLACE${freshEnd}`;
}

function isMark(line: string, mark: string, length: number, word: string): boolean {
  const text = line.trimEnd();
  const whole = mark.repeat(length) + word;
  return text === whole || text === whole + withoutNewline;
}

function ending(lines: readonly string[], mark: string | undefined): string {
  const text = textOf(lines);
  return mark?.trimEnd().endsWith(withoutNewline) === true ? text.slice(0, -1) : text;
}

function indexesBetween(
  lines: readonly string[],
  start: number,
  end: number,
  test: (line: string) => boolean,
): number[] {
  const found: number[] = [];
  for (let at = start + 1; at < end; at++) if (test(lines[at] ?? '')) found.push(at);
  return found;
}

function shown(text: string): string {
  const line = text.trim();
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
