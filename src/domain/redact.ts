const shortestSecret = 8;

/** @returns a function that puts `[redacted]` where any of the secrets stands in a text. */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  // A very short value would hit ordinary words; providers' keys are far longer.
  const known = secrets.filter((secret) => secret.length >= shortestSecret);
  return (text) => known.reduce((clean, secret) => clean.replaceAll(secret, '[redacted]'), text);
}
