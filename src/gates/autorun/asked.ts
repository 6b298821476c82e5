import type { AutorunWork } from '../../domain/autorun.ts';
import { foldersAbove } from '../../domain/safe-path.ts';
import { foldedPath } from './places.ts';

/** What the tasks of a piece of work ask for in so many words. */
export interface Asked {
  /** Whether a task lists the file or a folder that it is in, or its text names one. */
  path(path: string): boolean;
  /** Whether the text names a part of a manifest, as `postinstall`: that the file is listed says nothing of it. */
  key(key: string): boolean;
}

/** Says what is not to be done, in the languages of most briefs. */
const negation =
  /(?<!\p{L})(?:not|never|no|nor|without|\p{L}+n['’]t|cannot|leave|untouched|unchanged|avoid|except|instead|neither|remov\p{L}*|delet\p{L}*|drop|nicht|kein\p{L}*|ohne|nie|niemals|weder|pas|sans|jamais|aucun\p{L}*|nunca|sin|ningun\p{L}*)(?!\p{L})/u;

/** Parts of manifests that are words of the language too. */
const everyday = new Set([
  'install',
  'uninstall',
  'prepare',
  'publish',
  'build',
  'dependencies',
  'hooks',
  'command',
  'init',
  'test',
  'lint',
  'start',
]);

/** Read from the words of the tasks alone, so that the same task always asks for the same. */
export function askedBy({ tasks, words = '' }: Pick<AutorunWork, 'tasks' | 'words'>): Asked {
  const listed = new Set(tasks.flatMap(({ files }) => files.map(foldedPath)));
  const texts = tasks.flatMap(({ title, description, acceptance, result }) => {
    return [title, description, ...acceptance, result?.feedback ?? ''];
  });
  const sentences = [...texts, words]
    .flatMap((text) => foldedPath(text).split(/[.;!?](?=\s|$)|\n/))
    .filter((sentence) => !negation.test(sentence));
  const named = new Set(
    sentences.flatMap((sentence) => sentence.match(/[^\s"'`“”‘’«»()<>,;:]+/g) ?? []).map(plainPath),
  );
  return {
    path(path) {
      const key = foldedPath(path);
      if (listed.has(key) || named.has(key)) return true;
      return foldersAbove(key).some(
        (folder) =>
          listed.has(folder) ||
          named.has(`${folder}/`) ||
          // A folder's name alone may be a word of the language.
          (/[./]/.test(folder) && named.has(folder)),
      );
    },
    key(key) {
      const whole = foldedPath(key);
      const name = /^[\w.-]+$/.test(whole) ? (whole.split('.').at(-1) ?? whole) : whole;
      return sentences.some(
        (sentence) =>
          sentence.includes(whole) ||
          (everyday.has(name) ? isQuoted(sentence, name) : isWord(sentence, name)),
      );
    },
  };
}

/** As it is compared: `./a/**` is `a/`. */
function plainPath(word: string): string {
  return word
    .replace(/^\.\//, '')
    .replace(/\/\*+$/, '/')
    .replace(/[.,:]+$/, '');
}

function isWord(sentence: string, name: string): boolean {
  return new RegExp(`(?<![\\w.-])${escaped(name)}(?![\\w-])`).test(sentence);
}

/** As `prepare`, or the prepare script. */
function isQuoted(sentence: string, name: string): boolean {
  return new RegExp(`["'\`«“]${escaped(name)}["'\`»”]|${isNamed(name)}`).test(sentence);
}

function isNamed(name: string): string {
  return `(?<![\\w.-])${escaped(name)} (?:script|hook)`;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
