import type { DerivedState } from '../../domain/graph.ts';
import { withHiddenShown } from '../../domain/hidden-characters.ts';
import type { Spend } from '../cost.ts';
import { usdText } from '../cost.ts';
import { stateWords } from '../progress.ts';
import { html, type Markup, type Shown } from './html.ts';

/** The id of a task's place on the page. */
export function taskAnchor(id: string): string {
  return `task-${id}`;
}

export function taskLink(id: string): Markup {
  return html`<a href="#${taskAnchor(id)}">${id}</a>`;
}

/** A state as a word with its colour. */
export function stateChip(state: DerivedState, saidByFile = false): Markup {
  const words = saidByFile ? `${stateWords(state)}, says the file` : stateWords(state);
  return html`<span class="chip ${saidByFile ? 'said' : state}">${words}</span>`;
}

/** A word of a closed list with its colour: a verdict, a severity. @param kind the name of the colour */
export function chip(word: string, kind: 'good' | 'bad' | 'warn' | 'plain'): Markup {
  return html`<span class="chip ${kind}">${word}</span>`;
}

/** In one line, and short enough to be drawn; as people see it, escapes included. */
export function shortened(text: string, characters: number): string {
  const shown = [...withHiddenShown(text).replace(/\s+/g, ' ')];
  return shown.length <= characters
    ? shown.join('')
    : `${shown.slice(0, characters - 1).join('')}…`;
}

/** A coordinate with as many digits as a screen can show. */
export function place(value: number): number {
  return Math.round(value * 10) / 10;
}

/** `2026-01-31 12:00` of a time as ISO 8601 in UTC; the text itself where it is none. */
export function timeText(iso: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(iso) ? iso.slice(0, 16).replace('T', ' ') : iso;
}

/** `12,345` */
export function numberText(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** What calls cost, in a line. */
export function spendText(spend: Spend): string {
  const { input, output } = spend.tokens;
  return `${usdText(spend)} · ${numberText(input)} tokens in, ${numberText(output)} out`;
}

/** A table with heads; in a box of its own that scrolls where the screen is narrow. */
export function table(
  label: string,
  heads: readonly (string | { readonly number: string })[],
  rows: readonly (readonly Shown[])[],
): Markup {
  const isNumber = heads.map((head) => typeof head !== 'string');
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">
    <table>
      <thead>
        <tr>
          ${heads.map((head) =>
            typeof head === 'string'
              ? html`<th scope="col">${head}</th>`
              : html`<th scope="col" class="number">${head.number}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first, ...cells]) =>
            html`<tr>
              <th scope="row">${first}</th>
              ${cells.map((cell, index) =>
                isNumber[index + 1] === true
                  ? html`<td class="number">${cell}</td>`
                  : html`<td>${cell}</td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** A list; nothing where it is empty. */
export function list(items: readonly Shown[]): Shown {
  return (
    items.length > 0 &&
    html`<ul>
      ${items.map((item) => html`<li>${item}</li>`)}
    </ul>`
  );
}

/** Paragraphs of a text, as its blank lines part them; line ends within stay. */
export function prose(text: string): Shown {
  return text
    .split(/\n{2,}/)
    .filter((part) => part.trim() !== '')
    .map((part) => html`<p class="prose">${part.trim()}</p>`);
}
