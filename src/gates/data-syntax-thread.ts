import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { InterruptedError } from '../domain/errors.ts';
import type { SyntaxError } from '../syntax/languages.ts';

/** What the parsers of other people need by more than the length of a text: it is read in a thread. */
const worker = `
const { parentPort, workerData: { format, module, text, most } } = require('node:worker_threads');
const first = (message) => (message.split('\\n')[0] ?? '');
const readers = {
  yaml({ parseAllDocuments }) {
    const documents = parseAllDocuments(text, { prettyErrors: true, logLevel: 'silent' });
    if (!Array.isArray(documents)) return [];
    return documents.flatMap((document) => document.errors).slice(0, most).map((error) => ({
      line: error.linePos?.[0].line ?? 1,
      message: first(error.message).replace(/ at line \\d+, column \\d+:?$/, ''),
    }));
  },
  toml({ parse, TomlError }) {
    try {
      parse(text);
      return [];
    } catch (error) {
      if (!(error instanceof TomlError)) throw error;
      return [{ line: error.line, message: first(error.message).replace(/^Invalid TOML document: /, '') }];
    }
  },
};
try {
  parentPort.postMessage({ errors: readers[format](require(module)) });
} catch (error) {
  parentPort.postMessage({ broken: first(String(error.message)) });
}`;

const modules = { yaml: 'yaml', toml: 'smol-toml' };
const reportedErrors = 5;

/** @throws Error when it takes longer than `limitMs`, or the parser breaks. @throws InterruptedError */
export function errorsInThread(
  format: keyof typeof modules,
  text: string,
  limitMs: number,
  signal?: AbortSignal,
): Promise<SyntaxError[]> {
  const module = createRequire(import.meta.url).resolve(modules[format]);
  return new Promise((resolve, reject) => {
    const thread = new Worker(worker, {
      eval: true,
      env: {},
      stdout: true,
      stderr: true,
      workerData: { format, module, text, most: reportedErrors },
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    });
    const finish = (settle: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', interrupted);
      settle();
      void thread.terminate();
    };
    const broken = (reason: string): void => finish(() => reject(new Error(reason)));
    const interrupted = (): void => finish(() => reject(new InterruptedError()));
    const timer = setTimeout(() => broken(`reading it took more than ${limitMs} ms`), limitMs);
    signal?.addEventListener('abort', interrupted);
    thread.once('message', (answer: { errors: SyntaxError[] } | { broken: string }) => {
      if ('broken' in answer) broken(answer.broken);
      else finish(() => resolve(answer.errors));
    });
    thread.once('error', (error) => broken(error.message));
    thread.once('exit', () => broken('its parser ended'));
  });
}
