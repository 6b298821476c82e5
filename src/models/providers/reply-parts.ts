import { field } from './json-fields.ts';
import { ProviderError } from './provider-error.ts';

/** Names for a part that is text of the reply; one without a name is text too. */
const textTypes: ReadonlySet<unknown> = new Set([undefined, 'text', 'output_text', 'text_delta']);

/**
 * The text of a reply's content, or a piece of it, as servers write it: a text, or parts of which some are
 * text. What a model thought is no part of it.
 * @throws ProviderError where a text is to be and something else is
 */
export function contentText(content: unknown): string {
  if (content === undefined || content === null) return '';
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) return content.map(contentText).join('');
  if (typeof content !== 'object')
    throw malformed(`the reply holds ${JSON.stringify(content)} where a text is to be`);
  if (!textTypes.has(field(content, 'type')) || field(content, 'thought') === true) return '';
  return contentText(field(content, 'text') ?? field(content, 'value'));
}

/** A part of an event that must be there. @throws ProviderError */
export function required(event: unknown, name: string): object {
  const found = field(event, name);
  if (typeof found === 'object' && found !== null) return found;
  const type = field(event, 'type');
  throw malformed(
    `the stream holds an event${typeof type === 'string' ? ` ${type}` : ''} without ${name}`,
  );
}

function malformed(message: string): ProviderError {
  return new ProviderError({ kind: 'malformed', message });
}
