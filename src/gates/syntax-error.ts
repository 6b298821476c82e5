export interface SyntaxError {
  /** From 1. */
  readonly line: number;
  readonly message: string;
  /** The checker is known to refuse valid code of this kind: the error is shown, but does not block. */
  readonly doubtful?: boolean;
}
