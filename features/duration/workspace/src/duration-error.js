/** Text or a number that is no duration. `position` is an index into the text, or null without one. */
export class DurationError extends Error {
  name = 'DurationError';

  constructor(message, position = null) {
    super(message);
    this.position = position;
  }
}
