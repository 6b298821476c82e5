import { readFileSync } from 'node:fs';
import { format } from 'oxfmt';

const options = JSON.parse(readFileSync(new URL('../.oxfmtrc.json', import.meta.url), 'utf8'));

/**
 * @param {string} name whose ending says what the text is
 * @param {string} text
 * @returns {Promise<string>} as `npm run format` would leave a file of that name
 */
export async function formatted(name, text) {
  const { code, errors } = await format(name, text, options);
  if (errors.length > 0) throw new Error(`${name}: ${errors[0].message}`);
  return code;
}
