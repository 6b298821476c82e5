import { simpleLock } from './simple-lock.ts';
import { folderOver, gitOver } from './workspaces.ts';

/** Commits version after version of the same files until it is killed. */
const [kind, root, locks, start, count] = process.argv.slice(2);
if (kind === undefined || root === undefined || locks === undefined)
  throw new Error('usage: committer folder|git ROOT LOCKS START COUNT');

const lock = simpleLock(locks);
const workspace = kind === 'git' ? await gitOver(root, lock) : folderOver(root, lock);
console.log('ready');
for (let version = Number(start); ; version++) {
  const changes = new Map<string, string | null>([['gone', version % 2 === 0 ? null : 'here']]);
  for (let file = 0; file < Number(count); file++)
    changes.set(`d${file % 5}/f${file}`, `v${version}`);
  await workspace.commit(changes, new Map());
}
