import type { FinalPosition } from '../../domain/debate.ts';
import { bounds, cutText } from './bounds.ts';
import type { DebatePart } from './document.ts';

/** A debate as a report tells of it: all that there is room for. */
export function debatePart(part: DebatePart): DebatePart {
  const { position, steps } = part;
  return {
    ...part,
    about: cutText(part.about, 300),
    steps: steps
      .slice(-bounds.list)
      .map((step) => ({ ...step, detail: cutText(step.detail, 400) })),
    position: position && boundedPosition(position),
  };
}

/** Texts of a debate are a paragraph each; nobody keeps a model from writing more. */
function boundedPosition(position: FinalPosition): FinalPosition {
  const cut = <T>(value: T): T => {
    if (typeof value === 'string') return cutText(value) as T;
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.slice(0, bounds.events).map(cut) as T;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cut(item)])) as T;
  };
  return cut(position);
}
