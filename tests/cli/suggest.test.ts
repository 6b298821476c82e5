import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { examples } from '../../src/cli/examples.ts';
import { suggestedCommand, suggestedOption } from '../../src/cli/suggest.ts';

const names = commands.map(({ usage }) => usage.split(' ')[0] ?? '');

describe('a command that is not known', () => {
  test.each([
    ['statsu', 'status'],
    ['stauts', 'status'],
    ['stat', 'stats'],
    ['shw', 'show'],
    ['lst', 'list'],
    ['dif', 'diff'],
    ['coste', 'cost'],
    ['approv', 'approve'],
    ['runn', 'run'],
    ['neww', 'new'],
    ['tournamet', 'tournament'],
  ])('%s is meant as %s', (word, name) => {
    expect(suggestedCommand(word, names)).toBe(name);
  });

  test.each([
    'rum',
    'ran',
    'ruin',
    'view',
    'now',
    'net',
    'ls',
    'ps',
    'test',
    'stop',
    'log',
    'ack',
    'as',
    'edit',
    'help',
    'plan',
    'read',
    'preview',
    'un',
    'r',
    'rn',
    'sun',
  ])('%s leads to nothing that costs money or takes something away', (word) => {
    const costly = [
      'new',
      'run',
      'ask',
      'solve',
      'route',
      'tournament',
      'review',
      'reject',
      'apply',
      'undo',
      'rm',
    ];
    expect(costly).not.toContain(suggestedCommand(word, names));
  });
});

test('an option that costs money is named for its own letters alone', () => {
  const options = ['--live', '--json', '--list'];
  expect(suggestedOption('--lve', ['--live', '--json'])).toBeNull();
  expect(suggestedOption('--jsno', options)).toBe('--json');
  expect(suggestedOption('--lvie', ['--live', '--json'])).toBe('--live');
});

test('each command has examples, which call it', () => {
  expect(Object.keys(examples).sort()).toEqual([...names].sort());
  for (const [name, lines] of Object.entries(examples))
    for (const [line] of lines) expect(line).toMatch(new RegExp(`^blueprint ${name}\\b`));
});
