import { printable } from '../files/file-problem.ts';

/** What may be the matter with what stands in a project: told of one thing, and of several. */
const matters = {
  everything: [
    'No file was found although the folder is not empty: see what its ignore rules leave out',
    'No file was found although the folder is not empty: see what its ignore rules leave out',
  ],
  link: ['1 symbolic link is not followed', 'symbolic links are not followed'],
  repository: [
    '1 submodule or repository of its own is not looked into',
    'submodules or repositories of their own are not looked into',
  ],
  sparse: [
    '1 tracked file is not checked out (a sparse checkout)',
    'tracked files are not checked out (a sparse checkout)',
  ],
  gone: ['1 tracked file is gone from the disk', 'tracked files are gone from the disk'],
  badName: ['1 name is no valid UTF-8: left out', 'names are no valid UTF-8: left out'],
  special: ['1 socket, pipe or device is left out', 'sockets, pipes or devices are left out'],
  unreadable: ['1 path cannot be read: left out', 'paths cannot be read: left out'],
  sameName: [
    '1 path differs from another by case alone: some systems take them for one file',
    'paths differ from others by case alone: some systems take them for one file',
  ],
} as const;

export type Matter = keyof typeof matters;

/** Counts what a person should know of a listing, with the first of each kind as an example. */
export interface Tally {
  add(matter: Matter, path: string): void;
  /** A remark of its own; told before the others. */
  say(remark: string): void;
  remarks(): string[];
}

export function createTally(): Tally {
  const said: string[] = [];
  const found = new Map<Matter, { count: number; readonly first: string }>();
  return {
    say: (remark) => said.push(remark),
    add(matter, path) {
      const known = found.get(matter);
      if (known === undefined) found.set(matter, { count: 1, first: path });
      else known.count += 1;
    },
    remarks() {
      const counted = (Object.keys(matters) as Matter[]).flatMap((matter) => {
        const { count, first } = found.get(matter) ?? { count: 0, first: '' };
        if (count === 0) return [];
        const [one, many] = matters[matter];
        const example = first === '' ? '' : ` (${count === 1 ? '' : 'as '}${printable(first)})`;
        return [`${count === 1 ? one : `${count} ${many}`}${example}`];
      });
      return [...said, ...counted];
    },
  };
}
