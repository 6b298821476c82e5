/**
 * Stands for string-width at start-up: plain ASCII, which is nearly all that yargs lays out, has a cell a
 * character, and the real package's tables and regular expressions are set up only for other text.
 */
const plain = /^[\x20-\x7e]*$/;
let real;

module.exports = function stringWidth(text, options) {
  if (typeof text === 'string' && plain.test(text)) return text.length;
  real ??= require('real-string-width').default;
  return real(text, options);
};
