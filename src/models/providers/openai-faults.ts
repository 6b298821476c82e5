import type * as Sdk from 'openai';
import { FaultError } from './fault.ts';
import { connectionFault, readErrorBody, retryAfterMs } from './http-errors.ts';
import type { Wire } from './wire.ts';

/** What the openai SDK threw, as a fault; anything else as it is. */
export function openaiFault(error: unknown, wire: Wire, sdk: typeof Sdk): unknown {
  const foreign = wire.foreign();
  if (foreign !== null) return new FaultError(foreign, error);
  if (error instanceof sdk.APIConnectionTimeoutError)
    return new FaultError({ kind: 'timeout', codes: [], message: error.message }, error);
  if (error instanceof sdk.APIConnectionError) return new FaultError(connectionFault(error), error);
  if (!(error instanceof sdk.APIError)) return error;
  const body = readErrorBody(wire.errorBody() ?? error.error ?? error.message);
  const fault = { ...body, status: error.status, retryAfterMs: retryAfterMs(error.headers) };
  return new FaultError(fault, error);
}
