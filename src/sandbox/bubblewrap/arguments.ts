import { lstat, readdir, readlink } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { FixedPart } from '../fixed-parts.ts';
import { isSystem, systemFolders } from '../host/installation.ts';

/** What an installed bubblewrap knows of the options that came after its first releases. */
export interface Features {
  /** `--disable-userns`: 0.8 */
  readonly disableUserns: boolean;
  /** `--size`: 0.7 */
  readonly size: boolean;
  /** `--perms`: 0.5 */
  readonly perms: boolean;
  readonly seccomp: boolean;
}

/** @param help what `bwrap --help` prints. */
export function featuresOf(help: string): Features {
  return {
    disableUserns: help.includes('--disable-userns'),
    size: help.includes('--size '),
    perms: help.includes('--perms '),
    seccomp: help.includes('--seccomp '),
  };
}

/** Where the copy stands. */
export const workFolder = '/work';
/** The command's own, in memory. */
export const temporaryFolders = ['/tmp', '/dev/shm'] as const;
const home = '/tmp/home';

/** Who the command is inside. */
const user = 1_000;
export const ownUser = ['--unshare-user', '--uid', String(user), '--gid', String(user)];

/** What stands in /etc beside the files of `etcFiles`: for the loader, and for programs and links of /usr. */
const etcNames = /^(alternatives|ld\.so\.(cache|conf|conf\.d)|java(-.*)?|maven|php)$/;
export const etcFiles: Readonly<Record<string, string>> = {
  passwd: `root:x:0:0::/:/bin/false\nuser:x:${user}:${user}::${home}:/bin/sh\n`,
  group: `root:x:0:\nuser:x:${user}:\n`,
  hosts: '127.0.0.1 localhost\n::1 localhost\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
};

/** The system's folders and what of /etc programs need: the same for every run. */
export async function systemArguments(): Promise<string[]> {
  const folders = await Promise.all(
    systemFolders.map(async (folder) => {
      const info = await lstat(folder).catch(() => null);
      if (info === null) return [];
      if (info.isSymbolicLink()) return ['--symlink', await readlink(folder), folder];
      return shownAt(folder, folder);
    }),
  );
  const names = (await readdir('/etc').catch(() => [])).filter((name) => etcNames.test(name));
  const etc = names.flatMap((name) => ['--ro-bind-try', join('/etc', name), join('/etc', name)]);
  return [...folders.flat(), ...etc];
}

export interface Layout {
  readonly features: Features;
  /** From `systemArguments`. */
  readonly system: readonly string[];
  /** Absolute: holds `etcFiles`. */
  readonly etc: string;
  /** Shown read-only at their own places. */
  readonly shown: readonly string[];
  readonly copy: string;
  /** Absolute on the host, relative in the copy. */
  readonly mounts: readonly { readonly from: string; readonly to: string }[];
  readonly fixed: readonly FixedPart[];
  readonly temporaryBytes: number;
  readonly env: Readonly<Record<string, string>>;
}

const kernelFolders = ['--proc', '/proc', '--dev', '/dev'];
const sealed = ['--remount-ro', '/dev', '--remount-ro', '/'];
const shownAt = (from: string, to: string): string[] => ['--ro-bind', from, to];

/** The whole file system and environment that the command sees. */
export function layoutArguments(layout: Layout): string[] {
  const { features, shown } = layout;
  const open = features.perms ? ['--perms', '1777'] : [];
  const size = features.size ? ['--size', String(layout.temporaryBytes)] : [];
  const folder = (path: string, mode = '0755') =>
    features.perms ? ['--perms', mode, '--dir', path] : ['--dir', path];
  const outside = shown.filter((path) => !isSystem(path));
  const work = ['--bind', layout.copy, workFolder];
  const env = { HOME: home, TMPDIR: '/tmp', LANG: 'C.UTF-8', ...layout.env };
  return [
    ...folder('/etc'),
    ...layout.system,
    ...Object.keys(etcFiles).flatMap((name) => shownAt(join(layout.etc, name), join('/etc', name))),
    ...kernelFolders,
    ...temporaryFolders.flatMap((path) => [...open, ...size, '--tmpfs', path]),
    ...folder(home, '0777'),
    // Folders above would have the rights that they have on the host, where nobody may look into /root.
    ...[...new Set(outside.flatMap(above))].sort().flatMap((path) => folder(path)),
    ...outside.flatMap((path) => shownAt(path, path)),
    ...work,
    ...layout.fixed.flatMap(({ path, readOnly }) => [
      readOnly ? '--ro-bind' : '--bind',
      join(layout.copy, path),
      join(workFolder, path),
    ]),
    ...layout.mounts.flatMap(({ from, to }) => shownAt(from, join(workFolder, to))),
    ...sealed,
    ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]),
  ];
}

function above(path: string): string[] {
  const folders: string[] = [];
  for (let at = dirname(path); at !== sep; at = dirname(at)) folders.push(at);
  return folders.filter((folder) => folder !== '/tmp');
}
