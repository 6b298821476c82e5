import { Worker } from 'node:worker_threads';

/** Compiled, never run: as a module, as a script, and as the body of a CommonJS module. */
const worker = `
const { parentPort, workerData: { text, module, script } } = require('node:worker_threads');
const vm = require('node:vm');
const accepts = (compile) => { try { compile(); return true; } catch { return false; } };
parentPort.postMessage(
  (module && accepts(() => new vm.SourceTextModule(text))) ||
  (script && accepts(() => new vm.Script(text))) ||
  (script && accepts(() => vm.compileFunction(text.replace(/^#!/, '//'))))
);`;

/**
 * Whether the JavaScript engine itself can read the text: in a thread of its own, so that it can be
 * stopped, with an empty environment. False also when it says nothing within `limitMs`.
 */
export function engineAccepts(path: string, text: string, limitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const thread = new Worker(worker, {
      eval: true,
      execArgv: ['--experimental-vm-modules', '--no-warnings'],
      env: {},
      stdout: true,
      stderr: true,
      workerData: { text, module: !path.endsWith('.cjs'), script: !path.endsWith('.mjs') },
    });
    const finish = (accepted: boolean): void => {
      clearTimeout(timer);
      resolve(accepted);
      void thread.terminate();
    };
    const timer = setTimeout(() => finish(false), limitMs);
    thread.once('message', (accepted) => finish(accepted === true));
    thread.once('error', () => finish(false));
    thread.once('exit', () => finish(false));
  });
}
