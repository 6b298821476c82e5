/**
 * A command as a person would give it to a shell in the project's folder.
 * @param folder where it is to run; `''` is the root.
 */
export function byHand(folder: string, words: readonly string[]): string {
  const command = words.map(shellWord).join(' ');
  return folder === '' ? command : `cd ${shellWord(folder)} && ${command}`;
}

/** More files than a person would want to see in a line. */
const mostFiles = 8;

/** The files of a command, where it can be told with them; else what stands for all of them. */
export function fewFiles(files: readonly string[], all: readonly string[]): readonly string[] {
  return files.length > mostFiles ? all : files;
}

function shellWord(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
