/** Whether an address is this machine's own, so that what is sent there leaves it for nobody. */
export function isLoopback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { hostname } = new URL(address);
  // To connect to "any address" is to connect to this machine.
  return /^(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\])$/.test(hostname);
}
