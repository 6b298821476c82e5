import { createFolderWorkspace } from '../../src/workspace/folder-workspace.ts';
import { simpleLock } from './simple-lock.ts';

/** Commits version after version of the same files until it is killed. */
const [root, featuresDir, locks, start, count] = process.argv.slice(2);
if (root === undefined || featuresDir === undefined || locks === undefined)
  throw new Error('usage: committer ROOT FEATURES LOCKS START COUNT');

const lock = simpleLock(locks);
const workspace = createFolderWorkspace({ root, featuresDir, env: process.env, lock });
console.log('ready');
for (let version = Number(start); ; version++) {
  const changes = new Map<string, string | null>([['gone', version % 2 === 0 ? null : 'here']]);
  for (let file = 0; file < Number(count); file++)
    changes.set(`d${file % 5}/f${file}`, `v${version}`);
  await workspace.commit('f', changes, new Map());
}
