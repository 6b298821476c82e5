export { DurationError } from './duration-error.js';
export { format } from './format.js';
export { parse } from './parse.js';
