/** Something in a config that is used only after its person trusted the folder. */
export interface Ask {
  /** The key that is left out as long as it is not trusted. */
  readonly path: readonly string[];
  /** What it would do, in plain words that follow the key. */
  readonly says: string;
}
