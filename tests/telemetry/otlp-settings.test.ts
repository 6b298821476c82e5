import { expect, it } from 'vitest';
import { namesCollector, otlpSettings } from '../../src/telemetry/otlp-settings.ts';

it.each([
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h:4318' }, 'http://h:4318/v1/traces'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://h/otlp/' }, 'https://h/otlp/v1/traces'],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://h/mine' }, 'http://h/mine'],
  [
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h:4318',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://other/x',
    },
    'http://other/x',
  ],
])('%j leads to %s', (env, url) => {
  expect(otlpSettings(env)).toEqual({
    url,
    headers: {},
    timeoutMs: 10_000,
    resource: { 'service.name': 'blueprint' },
  });
});

it('what is said for traces goes before what is said for all', () => {
  expect(
    otlpSettings({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h',
      OTEL_EXPORTER_OTLP_HEADERS: 'a=1,b=two%20words, broken ,=x',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'a=3',
      OTEL_EXPORTER_OTLP_TIMEOUT: '5',
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '7',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=x,team=builds',
      OTEL_SERVICE_NAME: 'mine',
    }),
  ).toEqual({
    url: 'http://h/v1/traces',
    headers: { a: '3', b: 'two words' },
    timeoutMs: 7,
    resource: { 'service.name': 'mine', team: 'builds' },
  });
  const broken = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h', OTEL_EXPORTER_OTLP_TIMEOUT: 'soon' };
  expect(otlpSettings(broken)).toMatchObject({ timeoutMs: 10_000 });
});

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h' };
it.each([
  [{}, 'otlp-endpoint-missing'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, 'otlp-endpoint-missing'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' }, 'otlp-endpoint-invalid'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'grpc://h:4317' }, 'otlp-endpoint-invalid'],
  [{ ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'otlp-protocol'],
  [{ ...endpoint, OTEL_SDK_DISABLED: 'TRUE' }, 'otlp-disabled'],
  [{ ...endpoint, OTEL_TRACES_EXPORTER: 'none' }, 'otlp-disabled'],
  [{ ...endpoint, OTEL_TRACES_EXPORTER: 'console,zipkin' }, 'otlp-disabled'],
])('%j is refused as %s', (env, code) => {
  expect(() => otlpSettings(env)).toThrow(expect.objectContaining({ code }));
});

it('what the collector takes beside it is no fault', () => {
  const env = { ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' };
  expect(otlpSettings(env)).toMatchObject({ url: 'http://h/v1/traces' });
});

it.each([
  [{}, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, false],
  [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://h' }, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://h' }, true],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://h' }, true],
])('whether %j names a collector: %s', (env, named) => {
  expect(namesCollector(env)).toBe(named);
});

it('of several exporters one is enough', () => {
  const env = { ...endpoint, OTEL_TRACES_EXPORTER: 'console, OTLP' };
  expect(otlpSettings(env)).toMatchObject({ url: 'http://h/v1/traces' });
});
