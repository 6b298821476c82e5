/** Built when it is first asked for, and then kept; a failure is no result, and the next one tries again. */
export function once<T>(build: () => Promise<T>): () => Promise<T> {
  let built: Promise<T> | undefined;
  return () => {
    built ??= build();
    built.catch(() => (built = undefined));
    return built;
  };
}
