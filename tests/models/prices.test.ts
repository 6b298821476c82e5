import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultRoles } from '../../src/config/default-models.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { parseModelRef } from '../../src/domain/model-role.ts';
import { priceSchema, type Price } from '../../src/domain/price.ts';
import { createPrices, priceList, pricesAsOf } from '../../src/models/prices.ts';
import { temporaryFolder } from '../state/fixtures.ts';

const pricesWith = (prices: Record<string, Price>) =>
  createPrices({ prices: new Map(Object.entries(prices)) });

describe('the list', () => {
  it('says when it was looked at, and for each price where it stands', () => {
    expect(pricesAsOf).toMatch(/^20\d\d-\d\d-\d\d$/);
    for (const { models, price, source } of priceList) {
      expect(source, models.join()).toMatch(/\.\w+\//);
      expect(priceSchema.parse(price)).toEqual(price);
      for (const model of models) expect(parseModelRef(model)).not.toBeNull();
    }
  });

  it('has no model twice', () => {
    const models = priceList.flatMap((entry) => entry.models);
    expect(new Set(models).size).toBe(models.length);
  });

  it('has all default models that make calls', () => {
    const defaults = Object.values(defaultRoles).flatMap(({ models, large = [] }) => [
      ...models,
      ...large,
    ]);
    const priceOf = pricesWith({ 'offline/*': { input: 0, output: 0 } });
    expect([...new Set(defaults)].filter((model) => priceOf(model) === null)).toEqual([]);
  });
});

describe('createPrices', () => {
  it('knows no price of what it was not told of: unknown, not zero', () => {
    expect(pricesWith({})('house/big')).toBeNull();
    expect(pricesWith({})('anthropic/claude-of-tomorrow')).toBeNull();
    expect(pricesWith({})('ollama/qwen')).toBeNull();
  });

  it('takes the config before the list, and the model before all of its provider', () => {
    const priceOf = pricesWith({
      'anthropic/claude-opus-5-5': { input: 1, output: 1 },
      'house/*': { input: 2, output: 2 },
      'house/big': { input: 3, output: 3 },
    });
    expect(priceOf('anthropic/claude-opus-5-5')?.input).toBe(1);
    expect(priceOf('house/small')?.input).toBe(2);
    expect(priceOf('house/big')?.input).toBe(3);
  });

  it('asks nothing for what makes no call, unless the config does', async () => {
    const cwd = await temporaryFolder();
    const written = {
      providers: { play: { kind: 'scripted' }, paid: { kind: 'scripted' } },
      prices: { 'paid/*': { input: 1, output: 1 } },
    };
    await writeFile(join(cwd, 'blueprint.config.json'), JSON.stringify(written));
    const priceOf = createPrices(
      await loadConfig({ cwd, env: {}, flags: { trust: true }, home: cwd }),
    );
    expect(priceOf('offline/planner')).toEqual({ input: 0, output: 0 });
    expect(priceOf('play/coder')).toEqual({ input: 0, output: 0 });
    expect(priceOf('paid/coder')?.input).toBe(1);
  });
});
