/** Stands for the replacements of 20 locales, each of which becomes a pattern of 1,900 letters: names are made without. */
export default {};
