import type { LanguageModel, ModelResult } from '../src/models/language-model.ts';
import { openProgram } from './program.ts';
import { simulatedRequest, text } from './simulated-call.ts';

/**
 * Makes so many calls at once of a model that streams without a network, each of them standing still in its
 * middle until all have come there; prints what the process took at most, in bytes.
 */
const count = Number(process.argv[2]);
const piece = text(20);
let halfway = 0;
let all = (): void => undefined;
const together = new Promise<void>((resolve) => (all = resolve));

const identity = {
  ref: { provider: 'anthropic', model: 'claude-sonnet-5-5' },
  family: 'claude',
};
const simulated: LanguageModel = {
  identity,
  async generate(request): Promise<ModelResult> {
    const half = async (): Promise<void> => {
      for (let sent = 0; sent < 50; sent++) {
        await new Promise((resolve) => setImmediate(resolve));
        request.onActivity?.();
        request.onText?.(piece);
      }
    };
    await half();
    if (++halfway === count) all();
    await together;
    await half();
    return {
      text: piece.repeat(100),
      finishReason: 'stop',
      rawFinishReason: 'end_turn',
      usage: { input: 2_000, cachedInput: 0, cacheWrite: 0, output: 2_000, reasoning: 0 },
      identity,
      servedBy: 'simulated',
      warnings: [],
    };
  },
};

const program = await openProgram({ ANTHROPIC_API_KEY: 'a-key-of-the-benchmark-0123456789' });
const model = program.around(simulated);
await Promise.all(
  Array.from({ length: count }, (_, number) => model.generate(simulatedRequest(number, 1_000))),
);
if (halfway !== count) throw new Error(`only ${halfway} calls were in flight at once`);
await program.close();
// maxRSS is in KiB on every system: libuv sees to it.
process.stdout.write(String(process.resourceUsage().maxRSS * 1024));
