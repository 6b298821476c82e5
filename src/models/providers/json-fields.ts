/** A property of a value of which nothing is known. */
export function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const found = (value as Record<string, unknown>)[name];
  return found === null ? undefined : found;
}

/** The members of a list of which nothing is known; none when there is no list. */
export function items(value: unknown, name: string): unknown[] {
  const found = field(value, name);
  return Array.isArray(found) ? found : [];
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** A text property of a value of which nothing is known. */
export function textField(value: unknown, name: string): string | undefined {
  const found = field(value, name);
  return isText(found) ? found : undefined;
}

/** A count as a provider reported it, also as a text or with a fraction; 0 for anything else. */
export function count(value: unknown): number {
  const isNumeral = typeof value === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(value);
  const found = Math.ceil(typeof value === 'number' || isNumeral ? Number(value) : 0);
  return Number.isSafeInteger(found) && found > 0 ? found : 0;
}

/** Undefined for what is no JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
