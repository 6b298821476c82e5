/** An option that takes one text. */
export const text = (describe: string) =>
  ({ type: 'string', requiresArg: true, describe }) as const;

/** One that may be repeated. */
export const list = (describe: string) =>
  ({ type: 'string', array: true, nargs: 1, describe }) as const;

export const number = (describe: string) =>
  ({ type: 'number', requiresArg: true, describe }) as const;

export const flag = (describe: string) => ({ type: 'boolean', default: false, describe }) as const;
