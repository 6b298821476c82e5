import { withHiddenShown } from '../../domain/hidden-characters.ts';

/** Text that is markup: our own, with everything else in it escaped. Nothing but this module makes it. */
class Markup {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  toString(): string {
    return this.#text;
  }
}
export type { Markup };

/** What may stand in a template: markup as it is, all other text escaped; nothing for what is not there. */
export type Shown = Markup | string | number | false | null | undefined | readonly Shown[];

/**
 * Markup from a template. What is put in is escaped so that it is text, within elements and within quoted
 * attributes alike; characters that nobody sees are shown as escapes. Values stand in no other place: not in
 * the name of an element or attribute, not in an attribute without quotes, not within `<style>`.
 */
export function html(template: TemplateStringsArray, ...values: readonly Shown[]): Markup {
  let text = template[0] ?? '';
  for (const [index, value] of values.entries())
    text += textOf(value) + (template[index + 1] ?? '');
  return new Markup(text);
}

/** Markup that holds nothing but what is written in the program. */
export function literal(template: TemplateStringsArray): Markup {
  return new Markup(template.join(''));
}

/** What `draw` makes of the value; nothing where there is none. */
export function given<T>(value: T | null | undefined, draw: (value: T) => Shown): Shown {
  return value === null || value === undefined ? null : draw(value);
}

function textOf(value: Shown): string {
  if (value instanceof Markup) return value.toString();
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number') return escaped(String(value));
  return value.map(textOf).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  // A return that ends no line would be taken for a line's end.
  return withHiddenShown(text)
    .replace(/\r\n/g, '\n')
    .replaceAll('\r', '␍')
    .replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
