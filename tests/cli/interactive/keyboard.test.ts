import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { holdKeyboard } from '../../../src/cli/interactive/keyboard.ts';

/** A keyboard that records how it is set, and a process that records what it is sent. */
function fakes() {
  const stdin = new EventEmitter();
  const log: string[] = [];
  const keyboard = Object.assign(stdin, {
    setRawMode: (raw: boolean) => log.push(raw ? 'raw' : 'cooked'),
    resume: () => log.push('resume'),
    pause: () => log.push('pause'),
  }) as unknown as Parameters<typeof holdKeyboard>[0];
  const signals = new EventEmitter();
  const process = Object.assign(signals, {
    pid: 42,
    kill: (pid: number, signal: string) => log.push(`${signal} to ${pid}`),
  }) as unknown as Parameters<typeof holdKeyboard>[1];
  return { stdin, keyboard, signals, process, log };
}

describe('holdKeyboard', () => {
  it('takes what is typed, and lets the keyboard go once', () => {
    const { stdin, keyboard, process, log } = fakes();
    const letGo = holdKeyboard(keyboard, process);
    stdin.emit('data', Buffer.from('some words\r'));
    letGo();
    letGo();
    stdin.emit('data', Buffer.from('\u0003'));
    expect(log).toEqual(['raw', 'resume', 'cooked', 'pause']);
  });

  it('leaves keys that are signals what they are, several in one piece included', () => {
    const { stdin, keyboard, process, log } = fakes();
    holdKeyboard(keyboard, process);
    stdin.emit('data', Buffer.from('a\u0003b\u0003\u001C'));
    expect(log.slice(2)).toEqual(['SIGINT to 42', 'SIGINT to 42', 'SIGQUIT to 42']);
  });

  it('gives the shell its terminal while the job is stopped, and takes it again afterwards', () => {
    const { stdin, keyboard, signals, process, log } = fakes();
    holdKeyboard(keyboard, process);
    stdin.emit('data', Buffer.from('\u001A'));
    expect(log.slice(2)).toEqual(['cooked', 'SIGTSTP to 0']);
    signals.emit('SIGCONT');
    expect(log.slice(4)).toEqual(['raw', 'resume']);
  });

  it('does not take the keyboard again when the work ended meanwhile', () => {
    const { stdin, keyboard, signals, process, log } = fakes();
    const letGo = holdKeyboard(keyboard, process);
    stdin.emit('data', Buffer.from('\u001A'));
    letGo();
    const before = log.length;
    signals.emit('SIGCONT');
    expect(log).toHaveLength(before);
  });
});
