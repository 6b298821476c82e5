import { Chalk } from 'chalk';
import stripAnsi from 'strip-ansi';
import { describe, expect, it } from 'vitest';
import { paintDiff } from '../../../src/cli/views/diff-view.ts';

const diff = [
  'diff --git a/x b/x',
  '--- a/x',
  '+++ b/x',
  '@@ -1,1 +1,1 @@',
  '-old',
  '+new',
  ' same',
  '',
].join('\n');

describe('paintDiff', () => {
  it('colours what was taken and what was put, and changes no word', () => {
    const painted = paintDiff(diff, new Chalk({ level: 1 }));
    expect(painted).toContain('\u001B[31m-old');
    expect(painted).toContain('\u001B[32m+new');
    expect(painted).toContain('\u001B[1m--- a/x');
    expect(stripAnsi(painted)).toBe(diff);
  });

  it('gives a patch as it is where there are no colours, line ends of CRLF files included', () => {
    const plain = new Chalk({ level: 0 });
    expect(paintDiff(diff, plain)).toBe(diff);
    expect(paintDiff('+one\r\n+two\r\n', plain)).toBe('+one\r\n+two\r\n');
  });

  it('lets no file drive the terminal', () => {
    const painted = paintDiff('+\u001B[2Jbad\rgood\u0007\n', new Chalk({ level: 0 }));
    expect(painted).toBe(String.raw`+\u{1b}[2Jbad␍good\u{7}` + '\n');
  });
});
