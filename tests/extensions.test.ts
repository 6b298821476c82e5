import { expect, test } from 'vitest';
import { workflows as planned } from '../src/domain/task.ts';
import { gates, providers, strategies, workflows } from '../src/extensions.ts';
import type { GateEntry } from '../src/gates/gate-entry.ts';
import type { ProviderKindEntry } from '../src/models/provider-kind.ts';
import type { WorkflowEntry } from '../src/workflows/workflow-of.ts';
import type { StrategyDefinition, StrategyEntry } from '../src/strategies/strategy.ts';

const description = 'in one line';
const load = (): Promise<never> => Promise.reject(new Error('not called'));

test('an entry that lacks a part does not compile', () => {
  // @ts-expect-error a gate without the line for the docs table and the help
  const silent: GateEntry = { load };
  // @ts-expect-error a gate without code
  const empty: GateEntry = { description };
  // @ts-expect-error a strategy without the line for the docs table and the help
  const unnamed: StrategyEntry = { load };
  // @ts-expect-error a strategy whose calls cannot be estimated
  const unpriced: StrategyDefinition = { create: () => load };
  // @ts-expect-error a workflow without code
  const idle: WorkflowEntry = { description };
  // @ts-expect-error a provider kind without the names that it is known by
  const unknown: ProviderKindEntry = { description, load };
  expect([silent, empty, unnamed, unpriced, idle, unknown]).toHaveLength(6);
});

test('every entry says in one line what it is, and its code loads', async () => {
  for (const entry of [gates, strategies, workflows].flatMap((list) =>
    Object.values<GateEntry | StrategyEntry | WorkflowEntry>(list),
  )) {
    expect(entry.description).toMatch(/^[^\n]{10,}$/);
    await entry.load();
  }
  for (const { description: line, load: code } of Object.values<ProviderKindEntry>(providers)) {
    expect(line).toMatch(/^[^\n]{10,}$/);
    await code?.();
  }
});

test('a plan hands out the workflows that are registered; review tasks have their own', () => {
  expect([...planned, 'review'].sort()).toEqual(Object.keys(workflows).sort());
});
