/** Puts a module and its packages into one file: `node bundle.js MODULE FILE`. */
import { build } from 'rolldown';

const [input, file] = process.argv.slice(2);
await build({
  input,
  platform: 'node',
  resolve: { mainFields: ['module', 'main'] },
  transform: { target: 'node20' },
  output: { file, format: 'esm', codeSplitting: false },
  logLevel: 'silent',
});
