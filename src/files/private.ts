/** Modes of what holds prompts and replies: its user alone reads it, whatever the umask. */
export const privateFile = 0o600;
export const privateFolder = 0o700;

/** Whether a path leads into the folder of asks and tournaments, where nothing is meant for others. */
export function isOwnFolder(path: string): boolean {
  return /(?:^|[\\/])\.blueprint(?:[\\/]|$)/.test(path);
}
