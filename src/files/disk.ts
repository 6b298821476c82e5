/**
 * The calls that change what is on the disk. All of the program writes through these, so that there is one
 * place where a disk can be made to fail, and one list of what the program can do to it.
 */
export {
  chmod,
  copyFile,
  mkdir,
  open,
  rename,
  rm,
  rmdir,
  symlink,
  unlink,
  writeFile,
} from 'node:fs/promises';
