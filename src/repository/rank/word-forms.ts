/** Endings of English words, with what stands in their place in the word's base. */
const endings: readonly (readonly [RegExp, readonly string[]])[] = [
  [/(?<=..)ies$/, ['y']],
  [/(?<=..)es$/, ['', 'e']],
  [/(?<=..)s$/, ['']],
  [/(?<=..)ied$/, ['y']],
  [/(?<=..)(.)\1(?:ed|ing)$/, ['$1']],
  [/(?<=..)ed$/, ['', 'e']],
  [/(?<=...)ing$/, ['', 'e']],
];

/**
 * Other forms of an English word, its plural and what verbs end in: a text says `retries` where the code says
 * `retry`. Words that do not exist are among them; who looks them up finds none.
 */
export function otherForms(word: string): Set<string> {
  const bases = new Set([word]);
  for (const [ending, instead] of endings)
    if (ending.test(word)) for (const one of instead) bases.add(word.replace(ending, one));
  const forms = new Set<string>();
  for (const base of bases) {
    forms.add(base);
    forms.add(`${base}s`);
    if (base.endsWith('y')) forms.add(`${base.slice(0, -1)}ies`);
    if (/(?:s|x|ch|sh)$/.test(base)) forms.add(`${base}es`);
  }
  forms.delete(word);
  return forms;
}
