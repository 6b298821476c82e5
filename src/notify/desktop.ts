/** The desktop's own program that shows a message. */
export interface DesktopProgram {
  /** A name to look up on PATH. */
  readonly name: string;
  /** How somebody gets it. */
  readonly install: string;
  /** The message is in `BLUEPRINT_MESSAGE` too. */
  args(title: string, message: string): readonly string[];
}

/** Variables that a program needs to find the desktop, beside those that every program needs. */
export const desktopVariables = ['DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY'] as const;

/** By which program this machine's desktop is told; or why there is none. */
export function desktopProgram(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string>>,
): DesktopProgram | { readonly problem: string } {
  if (platform === 'darwin') return osascript;
  if (platform === 'win32') return powershell;
  if (environment['DISPLAY'] === undefined && environment['WAYLAND_DISPLAY'] === undefined)
    return { problem: 'no display: neither DISPLAY nor WAYLAND_DISPLAY is set' };
  return notifySend;
}

const notifySend: DesktopProgram = {
  name: 'notify-send',
  install: 'Install notify-send; it comes with libnotify.',
  // It reads escapes in the body, and desktops read marks there (Desktop Notifications, "Markup").
  args: (title, message) => [
    '--app-name=blueprint',
    '--',
    title,
    message
      .replaceAll('\\', '\\\\')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;'),
  ],
};

const osascript: DesktopProgram = {
  name: 'osascript',
  install: 'osascript is part of macOS; check your PATH.',
  // As arguments of the script, so that no message can be read as part of it.
  args: (title, message) => [
    '-e',
    'on run argv',
    '-e',
    'display notification (item 2 of argv) with title (item 1 of argv)',
    '-e',
    'end run',
    title,
    message,
  ],
};

/** Only what is installed as an app may show a message; this is the id of PowerShell itself. */
const powershellId = String.raw`{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\WindowsPowerShell\v1.0\powershell.exe`;

const powershell: DesktopProgram = {
  name: 'powershell',
  install: 'Windows PowerShell 5.1 is part of Windows; check your PATH.',
  // The message comes by its variable, so that it cannot be read as part of the script.
  args: (title) => [
    '-NoProfile',
    '-NonInteractive',
    '-Command',
    [
      "$ErrorActionPreference = 'Stop'",
      '$manager = [Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime]',
      '$kind = [Windows.UI.Notifications.ToastTemplateType]::ToastText02',
      '$form = $manager::GetTemplateContent($kind)',
      "$lines = $form.GetElementsByTagName('text')",
      `$null = $lines.Item(0).AppendChild($form.CreateTextNode('${title}'))`,
      '$null = $lines.Item(1).AppendChild($form.CreateTextNode($env:BLUEPRINT_MESSAGE))',
      '$toast = [Windows.UI.Notifications.ToastNotification]::new($form)',
      `$manager::CreateToastNotifier('${powershellId}').Show($toast)`,
    ].join('; '),
  ],
};
