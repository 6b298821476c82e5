import { ModelError } from '../../domain/model-error.ts';

/**
 * Does the work of one model within so many ms, retries included; null: without a deadline of its own.
 * @throws ModelError `timeout` when it takes longer.
 */
export async function withDeadline<T>(
  model: string,
  timeoutMs: number | null,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (timeoutMs === null) return work(signal);
  const deadline = new AbortController();
  const timer = setTimeout(() => {
    deadline.abort(
      new ModelError({
        kind: 'timeout',
        model,
        message: `${model} gave no whole answer in ${timeoutMs / 1000} s`,
        fix: 'Raise --timeout, or ensemble.timeoutMs in the config.',
      }),
    );
  }, timeoutMs);
  try {
    return await work(AbortSignal.any([signal, deadline.signal]));
  } catch (error) {
    if (signal.aborted || !deadline.signal.aborted) throw error;
    throw deadline.signal.reason;
  } finally {
    clearTimeout(timer);
  }
}
