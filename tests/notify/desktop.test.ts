import { describe, expect, test } from 'vitest';
import { desktopProgram } from '../../src/notify/desktop.ts';

function programOn(platform: NodeJS.Platform, environment: Readonly<Record<string, string>> = {}) {
  const program = desktopProgram(platform, environment);
  if ('problem' in program) throw new Error(program.problem);
  return program;
}

const message = String.raw`run shop: done; see <b>C:\new</b> & "$(reboot)"`;

describe('the desktop’s program', () => {
  test.each([{ DISPLAY: ':0' }, { WAYLAND_DISPLAY: 'wayland-0' }])(
    'is notify-send where there is %o, and gets no marks and no escapes of its own',
    (environment) => {
      const program = programOn('linux', environment);
      expect(program.name).toBe('notify-send');
      expect(program.args('blueprint', message)).toEqual([
        '--app-name=blueprint',
        '--',
        'blueprint',
        String.raw`run shop: done; see &lt;b&gt;C:\\new&lt;/b&gt; &amp; "$(reboot)"`,
      ]);
    },
  );

  test.each(['linux', 'freebsd'] as const)('is none on %s without a display', (platform) => {
    expect(desktopProgram(platform, { HOME: '/home/me' })).toEqual({
      problem: 'no display: neither DISPLAY nor WAYLAND_DISPLAY is set',
    });
  });

  test('is osascript on macOS, which gets the message beside its script', () => {
    const program = programOn('darwin');
    expect(program.name).toBe('osascript');
    const args = program.args('blueprint', message);
    expect(args.slice(-2)).toEqual(['blueprint', message]);
    expect(args.slice(0, -2).join('\n')).not.toContain('reboot');
  });

  test('is PowerShell on Windows, which reads the message from its variable', () => {
    const program = programOn('win32');
    expect(program.name).toBe('powershell');
    const args = program.args('blueprint', message).join('\n');
    expect(args).toContain('$env:BLUEPRINT_MESSAGE');
    expect(args).not.toContain('reboot');
  });
});
