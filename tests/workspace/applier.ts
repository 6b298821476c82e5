import { createApplyLoop } from './apply-project.ts';

/** Applies and undoes the same work again and again until it is killed. */
const [kind, root] = process.argv.slice(2);
if (root === undefined || (kind !== 'git' && kind !== 'folder'))
  throw new Error('usage: applier folder|git ROOT');
const loop = await createApplyLoop(kind, root);
console.log('ready');
for (;;) await loop();
