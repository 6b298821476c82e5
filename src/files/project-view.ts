/** The files of a project at one moment, as whoever judges or describes them sees them. */
export interface ProjectView {
  /** Relative, with forward slashes. */
  readonly files: ReadonlySet<string>;
  /** Null for what is absent, or no text of a sensible size. */
  read(path: string): Promise<string | null>;
}
