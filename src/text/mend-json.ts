import { createRequire } from 'node:module';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { jsonrepair } from 'jsonrepair';

/** Mending takes time by more than the length of a text: of this many characters it takes no time. */
const mendedAtOnce = 2_000;
/** For all longer texts of one reply, in ms: the program hears no signal meanwhile. */
const longestMs = 700;

/** A text with the small faults of its JSON mended. @throws Error that says what is wrong */
export type MendJson = (text: string) => string;

const worker = `
const { workerData: { text, module, port, done } } = require('node:worker_threads');
let answer;
try {
  answer = { mended: require(module).jsonrepair(text) };
} catch (error) {
  answer = { fault: error.message };
}
port.postMessage(answer);
Atomics.store(done, 0, 1);
Atomics.notify(done, 0);`;

/** What mends the JSON of one reply: in a thread of its own, which is ended when it takes too long. */
export function createMender(limitMs = longestMs): MendJson {
  const known = new Map<string, string>();
  let leftMs = limitMs;
  return (text) => {
    if (text.length <= mendedAtOnce) return jsonrepair(text);
    const before = known.get(text);
    if (before !== undefined) return before;
    const start = performance.now();
    const answer = leftMs > 0 ? mendedInThread(text, leftMs) : null;
    leftMs -= performance.now() - start;
    if (answer === null) throw new Error('it takes too long to be mended');
    if ('fault' in answer) throw new Error(answer.fault);
    known.set(text, answer.mended);
    return answer.mended;
  };
}

function mendedInThread(
  text: string,
  limitMs: number,
): { mended: string } | { fault: string } | null {
  const { port1: ours, port2: port } = new MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(4));
  const module = createRequire(import.meta.url).resolve('jsonrepair');
  const thread = new Worker(worker, {
    eval: true,
    env: {},
    workerData: { text, module, port, done },
    transferList: [port],
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  // Too much memory: nothing is mended.
  thread.once('error', () => undefined);
  Atomics.wait(done, 0, 0, limitMs);
  const answer = receiveMessageOnPort(ours)?.message as
    | { mended: string }
    | { fault: string }
    | undefined;
  ours.close();
  void thread.terminate();
  return answer ?? null;
}
