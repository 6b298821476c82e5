import { BlueprintError } from '../domain/errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where spans go, as the usual variables of OpenTelemetry say. Those of compression and certificates are read
 * by its packages.
 */
export interface OtlpSettings {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of one request, ms. */
  readonly timeoutMs: number;
  /** Attributes of the resource. */
  readonly resource: Readonly<Record<string, string>>;
}

/** Whether the environment names a collector of traces; it may be turned off all the same. */
export function namesCollector(env: Environment): boolean {
  return ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'].some(
    (name) => (env[name] ?? '').trim() !== '',
  );
}

/**
 * Reads `OTEL_EXPORTER_OTLP_ENDPOINT` and those beside it; what is said for traces alone goes before.
 * @throws BlueprintError `otlp-endpoint-missing`, `otlp-endpoint-invalid`, `otlp-protocol`, `otlp-disabled`
 */
export function otlpSettings(env: Environment): OtlpSettings {
  const said = (name: string): string | undefined => {
    const value = env[name]?.trim();
    return value === '' ? undefined : value;
  };
  const exporter = (name: string): string | undefined =>
    said(`OTEL_EXPORTER_OTLP_TRACES_${name}`) ?? said(`OTEL_EXPORTER_OTLP_${name}`);
  const exporters = said('OTEL_TRACES_EXPORTER')?.toLowerCase().split(',') ?? ['otlp'];
  if (
    said('OTEL_SDK_DISABLED')?.toLowerCase() === 'true' ||
    exporters.every((name) => name.trim() !== 'otlp')
  )
    throw new BlueprintError({
      code: 'otlp-disabled',
      message: 'OpenTelemetry is turned off by OTEL_SDK_DISABLED or OTEL_TRACES_EXPORTER',
      fix: 'Unset it, or export to a file: blueprint export trace --out trace.jsonl',
    });
  const protocol = exporter('PROTOCOL');
  if (protocol !== undefined && !protocol.startsWith('http/'))
    throw new BlueprintError({
      code: 'otlp-protocol',
      message: `Spans are sent by HTTP as JSON; OTEL_EXPORTER_OTLP_PROTOCOL asks for ${protocol}`,
      target: 'OTEL_EXPORTER_OTLP_PROTOCOL',
      fix: 'Set it to http/json, and the endpoint to the collector’s HTTP port (4318 as a rule).',
    });
  return {
    url: urlOf(said('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'), said('OTEL_EXPORTER_OTLP_ENDPOINT')),
    headers: {
      ...pairsOf(said('OTEL_EXPORTER_OTLP_HEADERS')),
      ...pairsOf(said('OTEL_EXPORTER_OTLP_TRACES_HEADERS')),
    },
    timeoutMs: positive(exporter('TIMEOUT')) ?? 10_000,
    resource: {
      'service.name': 'blueprint',
      ...pairsOf(said('OTEL_RESOURCE_ATTRIBUTES')),
      ...(said('OTEL_SERVICE_NAME') !== undefined && {
        'service.name': said('OTEL_SERVICE_NAME') ?? '',
      }),
    },
  };
}

/** One for traces is taken as it is; of the general one the path is a folder. */
function urlOf(ofTraces: string | undefined, general: string | undefined): string {
  const given = ofTraces ?? general;
  if (given === undefined)
    throw new BlueprintError({
      code: 'otlp-endpoint-missing',
      message: 'No OTLP endpoint is set',
      target: 'OTEL_EXPORTER_OTLP_ENDPOINT',
      fix: 'Set it, as OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318',
    });
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new BlueprintError({
      code: 'otlp-endpoint-invalid',
      message: 'The OTLP endpoint is no http(s) address',
      target: 'OTEL_EXPORTER_OTLP_ENDPOINT',
      fix: 'Set it, as OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318',
    });
  if (ofTraces === undefined) url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`;
  return url.href;
}

/** `name=value,other=value`, each encoded as in an address. */
function pairsOf(list: string | undefined): Record<string, string> {
  return Object.fromEntries(
    (list ?? '').split(',').flatMap((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 1) return [];
      return [[decoded(pair.slice(0, equals)), decoded(pair.slice(equals + 1))] as const];
    }),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    return text.trim();
  }
}

function positive(text: string | undefined): number | undefined {
  const number = Number(text);
  return number > 0 && Number.isFinite(number) ? number : undefined;
}
