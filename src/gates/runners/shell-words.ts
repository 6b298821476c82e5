/**
 * The words of a command as a shell would part them; null where it needs a shell: variables, pipes, several
 * commands.
 */
export function shellWords(command: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  for (const [piece, single, double, escaped, plain, blank] of command.matchAll(pieces)) {
    if (blank !== undefined) {
      if (word !== null) words.push(word);
      word = null;
      continue;
    }
    const text = single ?? double?.replace(/\\(["\\])/g, '$1') ?? escaped ?? plain;
    if (text === undefined || (single === undefined && /[$`]/.test(piece))) return null;
    word = (word ?? '') + text;
  }
  return word === null ? words : [...words, word];
}

const pieces = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\|&;<>()$`*?]+)|(\s+)|./gs;

/** What a command gives to a program, however it starts it; null where it does not, or needs a shell. */
export function argumentsFor(command: string, program: RegExp): string[] | null {
  const words = shellWords(command) ?? [];
  const at = words.findIndex((word) => program.test(word));
  return at === -1 ? null : words.slice(at + 1);
}
