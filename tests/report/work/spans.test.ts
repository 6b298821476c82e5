import { describe, expect, test } from 'vitest';
import { criticalPath } from '../../../src/report/work/critical-path.ts';
import { joined, lengthOf, workingTime } from '../../../src/report/work/spans.ts';

const span = (from: number, to: number) => ({ from, to });

describe('spans', () => {
  test('that overlap or touch are one', () => {
    const spans = [span(5, 9), span(0, 4), span(3, 5), span(20, 30), span(22, 23)];
    expect(joined(spans)).toEqual([span(0, 9), span(20, 30)]);
    expect(lengthOf(spans)).toBe(19);
    expect(lengthOf([])).toBe(0);
  });

  test('on a line without rests', () => {
    const time = workingTime([span(1_000, 1_100), span(9_000, 9_050), span(9_051, 9_060)]);
    expect(time.length).toBe(160);
    expect(time.breaks).toEqual([{ at: 100, length: 7_900 }]);
    expect([0, 1_000, 1_050, 5_000, 9_000, 9_060, 99_999].map(time.at)).toEqual([
      0, 0, 50, 100, 100, 160, 160,
    ]);
    expect(workingTime([]).at(5)).toBe(0);
  });
});

describe('the critical path', () => {
  const tasks = [
    { id: 'A', dependsOn: [] },
    { id: 'B', dependsOn: ['A'] },
    { id: 'C', dependsOn: ['A'] },
    { id: 'D', dependsOn: ['B', 'C'] },
  ];

  test('is the chain that took longest', () => {
    const ms: Readonly<Record<string, number>> = { A: 5, B: 1, C: 7, D: 2 };
    const path = criticalPath(tasks, (id) => ms[id] ?? 0);
    expect(path.ms).toBe(14);
    expect(path.tasks.map(({ id }) => id)).toEqual(['A', 'C', 'D']);
  });

  test('ends with what was worked at, and is empty where nothing was', () => {
    expect(criticalPath(tasks, (id) => (id === 'A' ? 3 : 0)).tasks).toEqual([{ id: 'A', ms: 3 }]);
    expect(criticalPath(tasks, () => 0)).toEqual({ tasks: [], ms: 0 });
    expect(criticalPath([], () => 1)).toEqual({ tasks: [], ms: 0 });
  });
});
