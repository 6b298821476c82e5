import type { Redactor } from '../text/redact.ts';

/** The cause of an error; undefined where it quotes a secret, which it would carry into every log. */
export function causeWithout(cause: unknown, { held }: Redactor): unknown {
  const texts: string[] = [];
  let at = cause;
  for (let depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++)
    texts.push(at.stack ?? '', at.message, ownText(at));
  return held(texts.join('\n')).length > 0 ? undefined : cause;
}

function ownText(error: Error): string {
  try {
    return JSON.stringify({ ...error });
  } catch {
    return '';
  }
}
