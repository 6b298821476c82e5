/** A byte order mark. */
const mark = '\ufeff';

/**
 * A file that was given whole, in the form of the one that it replaces: byte order mark, line ends, and
 * whether the last line ends. Models write LF and a final newline whatever they were shown. Line ends of
 * its own, other than LF, are meant.
 */
export function inFormOf(before: string, given: string): string {
  const marked = before.startsWith(mark) && !given.startsWith(mark) ? mark + given : given;
  const ended = lastLineAs(before, marked);
  return ended.includes('\r') ? ended : withLineEnds(before, ended);
}

/** Whether its lines end in a carriage return alone, as on the Macs of old. */
export function endsInReturns(text: string): boolean {
  return text.includes('\r') && !text.includes('\n');
}

function lastLineAs(before: string, given: string): string {
  // An empty file says nothing about how its lines would end.
  if (before === '' || before === mark || given === '') return given;
  if (/[\r\n]$/.test(before)) return /[\r\n]$/.test(given) ? given : `${given}\n`;
  return given.replace(/\r?\n$/, '');
}

function withLineEnds(before: string, given: string): string {
  if (!before.includes('\r')) return given;
  if (endsInReturns(before)) return given.replaceAll('\n', '\r');
  const ends = lineEnds(before);
  return given.replace(
    /([^\n]*)\n/g,
    (_line, text: string) => text + (ends.of.get(text) ?? ends.most),
  );
}

/** The line end of each line by its text, and the one that most lines have. */
function lineEnds(text: string): { of: ReadonlyMap<string, string>; most: string } {
  const of = new Map<string, string>();
  let windows = 0;
  let all = 0;
  for (const [, line = '', end = ''] of text.matchAll(/([^\n]*?)(\r?\n)/g)) {
    of.set(line, end);
    all++;
    if (end === '\r\n') windows++;
  }
  return { of, most: windows * 2 > all ? '\r\n' : '\n' };
}
