import { describe, expect, it } from 'vitest';
import { processScreen } from '../../src/cli/screen.ts';
import { virtualTerminal } from '../helpers/virtual-terminal.ts';

type Streams = Parameters<typeof processScreen>[0];

function streams(fields: { env?: Record<string, string>; stderr?: object; stdout?: object } = {}) {
  const terminal = virtualTerminal(100, 30);
  const parts = {
    stdin: { isTTY: true },
    stdout: fields.stdout ?? terminal.stream,
    stderr: fields.stderr ?? terminal.stream,
    env: fields.env ?? {},
  };
  return { terminal, cli: parts as unknown as Streams };
}

const loud = { quiet: false, color: true };

describe('processScreen', () => {
  it('has colours and redraws at a terminal', () => {
    const screen = processScreen(streams().cli, loud);
    expect(screen).toMatchObject({ interactive: true, live: true, columns: 100, rows: 30 });
    expect(screen.paint.red('x')).toBe('\u001B[31mx\u001B[39m');
  });

  it.each([
    ['NO_COLOR', { env: { NO_COLOR: '1' } }, loud],
    ['--no-color', {}, { quiet: false, color: false }],
    ['a terminal that can only print', { env: { TERM: 'dumb' } }, loud],
    ['a pipe', { stderr: { isTTY: false } }, loud],
  ])('has no colours with %s', (_name, fields, options) => {
    expect(processScreen(streams(fields).cli, options).paint.red('x')).toBe('x');
  });

  it('keeps colours where NO_COLOR is set to nothing, as its authors ask', () => {
    expect(processScreen(streams({ env: { NO_COLOR: '' } }).cli, loud).paint.red('x')).not.toBe(
      'x',
    );
  });

  it('does not redraw where nobody looks, or cannot', () => {
    expect(processScreen(streams({ stderr: { isTTY: false } }).cli, loud).live).toBe(false);
    expect(processScreen(streams({ env: { TERM: 'dumb' } }).cli, loud).live).toBe(false);
    expect(processScreen(streams().cli, { ...loud, quiet: true }).live).toBe(false);
  });

  it('knows the terminal’s size as it is now', async () => {
    const { terminal, cli } = streams();
    const screen = processScreen(cli, loud);
    await terminal.resize(50, 12);
    expect(screen).toMatchObject({ columns: 50, liveColumns: 50, rows: 12 });
  });

  it('falls back on a usual size where a terminal says none', () => {
    const unknown = { isTTY: true, columns: 0, rows: 0 };
    const screen = processScreen(streams({ stdout: unknown, stderr: unknown }).cli, loud);
    expect(screen).toMatchObject({ columns: 80, liveColumns: 80, rows: 24 });
  });

  it('cuts nothing that goes to a file or a pipe', () => {
    const screen = processScreen(streams({ stdout: { isTTY: false } }).cli, loud);
    expect(screen.columns).toBeGreaterThan(10_000);
  });

  it('ends results with one line feed, and says nothing for nothing', () => {
    const written: string[] = [];
    const stdout = { isTTY: false, write: (text: string) => written.push(text) };
    const screen = processScreen(streams({ stdout }).cli, loud);
    for (const text of ['a', 'b\n', '']) screen.out(text);
    expect(written.join('')).toBe('a\nb\n');
  });
});
