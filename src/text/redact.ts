import { pastedKey } from './pasted.ts';
import { hidden, hideShapes, isUnbroken, safeCut } from './secret-shapes.ts';

/** A value of the user's own that must never be written anywhere. */
export interface Secret {
  /** The variable that holds it. */
  readonly name: string;
  readonly value: string;
}

/** A text that arrives in pieces; what may yet become a secret is held back until it is known. */
export interface RedactedStream {
  push(piece: string): void;
  /** Gives what was held back. */
  end(): void;
}

export interface Redactor {
  /** Without the user's own secrets, as they are or encoded. All else stays, so that products do. */
  values(text: string): string;
  /** As `values`, for a text that may end in the middle of a secret. */
  cutText(text: string): string;
  /** Without these, and without whatever has the form of a secret: for records, errors and messages. */
  all(text: string): string;
  /** A copy with every string, at any depth, cleaned by `all`; the value itself when nothing changes. */
  deep<T>(value: T): T;
  /** Names of the secrets that the text holds. */
  held(text: string): string[];
  /** Cleans by `values`, and never cuts a secret of any kind in two. */
  stream(give: (piece: string) => void): RedactedStream;
}

/** A shorter value would hit ordinary words; providers' keys are far longer. */
const shortestKey = 8;
/** Of a value that only its variable's name says to be secret: `DB_PASSWORD=postgres` is a word. */
const shortestNamed = 12;
/** From here on a value without digits counts too. */
const longNamed = 24;
const secretName = /KEY|TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL/i;
const harmlessName =
  /^BLUEPRINT_|(?:URL|URI|HOST|ENDPOINT|PATH|FILE|DIR|FOLDER|NAME|USER|EMAIL|TYPE|TOKENS)$/i;

/**
 * The secrets of an environment: values of variables whose names say so and that are no plain words,
 * passwords in addresses, and the values of `keyVariables`, whatever their names.
 */
export function secretsOf(
  env: Readonly<Record<string, string | undefined>>,
  keyVariables: Iterable<string> = [],
): Secret[] {
  const keys = new Set(keyVariables);
  const secrets: Secret[] = [];
  for (const [name, text] of Object.entries(env)) {
    const value = pastedKey(text ?? '');
    if (keys.has(name) ? value.length >= shortestKey : isSecret(name, value))
      secrets.push({ name, value });
    const password = /:\/\/[^\s/:@]*:([^\s/@]+)@/.exec(value)?.[1];
    if (password !== undefined && isUnusual(password)) secrets.push({ name, value: password });
  }
  return secrets;
}

function isSecret(name: string, value: string): boolean {
  return secretName.test(name) && !harmlessName.test(name) && isUnusual(value);
}

function isUnusual(value: string): boolean {
  if (value.length >= longNamed) return !/^https?:\/\/[^@]*$/i.test(value);
  return value.length >= shortestNamed && /[0-9]/.test(value) && /[^0-9]/.test(value);
}

export function createRedactor(secrets: readonly Secret[]): Redactor {
  const forms = secrets
    .filter(({ value }) => value.length >= shortestKey)
    .flatMap(({ name, value }) => formsOf(value).map((form) => ({ name, form })))
    // The longest first: one secret may stand in another.
    .sort((a, b) => b.form.length - a.form.length);
  // Those that hold blanks, quotes and the like go on over what ends all others.
  const odd = forms.filter(({ form }) => !isUnbroken(form));

  const values = (text: string): string =>
    forms.reduce(
      (clean, { form }) => (clean.includes(form) ? clean.replaceAll(form, hidden) : clean),
      text,
    );
  const all = (text: string): string => hideShapes(values(text));
  const cutText = (text: string): string => {
    const clean = values(text);
    const begun = Math.max(0, ...forms.map(({ form }) => beginning(clean, form, shortestKey)));
    return begun === 0 ? clean : `${clean.slice(0, -begun)}${hidden}`;
  };

  return {
    values,
    cutText,
    all,
    deep: (value) => cleaned(value, all),
    held: (text) => [
      ...new Set(forms.filter(({ form }) => text.includes(form)).map(({ name }) => name)),
    ],
    stream(give) {
      let waiting = '';
      const pass = (text: string): void => {
        if (text !== '') give(text);
      };
      return {
        push(piece) {
          waiting += piece;
          const begun = Math.max(0, ...odd.map(({ form }) => beginning(waiting, form, 1)));
          const cut = odd.reduce(
            (at, { form }) => beforeForm(waiting, form, at),
            Math.min(safeCut(waiting), waiting.length - begun),
          );
          pass(values(waiting.slice(0, cut)));
          waiting = waiting.slice(cut);
        },
        end() {
          pass(cutText(waiting));
          waiting = '';
        },
      };
    },
  };
}

/** Of how many characters, at least `least`, the beginning of `form` is that the text ends with; else 0. */
function beginning(text: string, form: string, least: number): number {
  for (let length = Math.min(text.length, form.length - 1); length >= least; length--)
    if (text.endsWith(form.slice(0, length))) return length;
  return 0;
}

/** `cut`, or the place before the form that it would cut in two. */
function beforeForm(text: string, form: string, cut: number): number {
  const start = text.lastIndexOf(form, cut - 1);
  return start !== -1 && cut > start && cut < start + form.length ? start : cut;
}

/** A secret as it is, as JSON and addresses hold it, and in the encodings that hide it from the eye. */
function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  const text = bytes.toString();
  const lines = value.split(/\r?\n/).filter((line) => line.length >= 32);
  const base64 = [0, 1, 2].map((before) => innerBase64(bytes, before));
  return [
    ...new Set([
      value,
      ...(value.includes('\n') ? lines : []),
      JSON.stringify(value).slice(1, -1),
      encodeURIComponent(text),
      ...base64,
      ...base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
      bytes.toString('hex'),
      bytes.toString('hex').toUpperCase(),
    ]),
  ];
}

/** The part of the base64 that is the same whatever stands around the bytes, `before` of them ahead. */
function innerBase64(bytes: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
  return text.slice(Math.ceil((before * 4) / 3), Math.floor(((before + bytes.length) * 4) / 3));
}

function cleaned<T>(value: T, clean: (text: string) => string): T {
  if (typeof value === 'string') return clean(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => cleaned(item, clean));
    return items.every((item, index) => item === value[index]) ? value : (items as T);
  }
  const entries = Object.entries(value).map(([key, item]) => [clean(key), cleaned(item, clean)]);
  const same = Object.entries(value).every(
    ([key, item], index) => entries[index]?.[0] === key && entries[index][1] === item,
  );
  return same ? value : (Object.fromEntries(entries) as T);
}
