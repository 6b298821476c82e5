import { cycles } from './cycles.js';
import { imports } from './rooms.js';
import { spreadLiteral } from './spread-literal.js';
import { vendors } from './vendors.js';

/**
 * This project's own rules, for `.oxlintrc.json`.
 * @type {import('eslint').ESLint.Plugin}
 */
export default {
  meta: { name: 'house' },
  rules: { imports, cycles, vendors, 'spread-literal': spreadLiteral },
};
