import { BlueprintError } from '../domain/errors.ts';
import type { Redactor } from '../text/redact.ts';

/** What a person writes is taken as it is or not at all. @throws BlueprintError `secret-in-text` */
export function refuseSecrets(what: string, text: string, redactor: Redactor): void {
  const names = redactor.held(text);
  if (names.length === 0) return;
  const line = text.split('\n').findIndex((part) => redactor.held(part).length > 0) + 1;
  throw new BlueprintError({
    code: 'secret-in-text',
    message: `${what} holds the value of ${names.join(', ')}${line > 1 ? ` in line ${line}` : ''}`,
    target: names[0] ?? '',
    fix: 'Take it out, and name the variable instead: models and files must never see the value.',
  });
}
