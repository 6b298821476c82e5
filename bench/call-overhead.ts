import type { LanguageModel } from '../src/models/language-model.ts';
import type { Measurement } from './measurement.ts';
import { openProgram } from './program.ts';
import { simulatedRequest, text } from './simulated-call.ts';

const contextTokens = 8_000;
const pieces = text(2_000).match(/.{1,40}/g) ?? [];

/** Streams 2,000 tokens in 200 pieces, and costs nothing else. */
const simulated: LanguageModel = {
  identity: {
    ref: { provider: 'anthropic', model: 'claude-sonnet-5-5' },
    family: 'claude',
  },
  async generate(request) {
    for (const piece of pieces) {
      await new Promise((resolve) => setImmediate(resolve));
      request.onActivity?.();
      request.onText?.(piece);
    }
    return {
      text: pieces.join(''),
      finishReason: 'stop',
      rawFinishReason: 'end_turn',
      usage: { input: 9_000, cachedInput: 0, cacheWrite: 0, output: 2_000, reasoning: 0 },
      identity: this.identity,
      servedBy: 'simulated',
      warnings: [],
    };
  },
};

/** What a call costs of our own CPU: with all that stands around it, less what it costs without. */
export async function callOverhead(calls: number): Promise<Measurement[]> {
  const program = await openProgram({
    ANTHROPIC_API_KEY: 'a-key-of-the-benchmark-0123456789',
  });
  const around = program.around(simulated);
  let number = 0;
  const cpuMs = async (model: LanguageModel, count: number): Promise<number> => {
    const before = process.cpuUsage();
    for (let call = 0; call < count; call++)
      await model.generate(simulatedRequest(++number, contextTokens));
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000 / count;
  };
  for (const model of [around, simulated]) await cpuMs(model, 30);
  const own = (await cpuMs(around, calls)) - (await cpuMs(simulated, calls));
  await program.close();
  return [
    {
      what: `own CPU of a call of ${contextTokens} tokens in and 2000 out in ${pieces.length} pieces`,
      measured: own,
      bar: 5,
      unit: 'ms',
    },
  ];
}
