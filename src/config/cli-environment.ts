import type { ProviderKind } from './schema.ts';

/** What every program needs to find its own files, its language, the network and a place for the temporary. */
const common = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TMPDIR',
  'XDG_CACHE_HOME',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_RUNTIME_DIR',
  'XDG_STATE_HOME',
  // Key rings are spoken to through it.
  'DBUS_SESSION_BUS_ADDRESS',
  'ALL_PROXY',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'all_proxy',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_DIR',
  'SSL_CERT_FILE',
  // Windows
  'APPDATA',
  'COMSPEC',
  'HOMEDRIVE',
  'HOMEPATH',
  'LOCALAPPDATA',
  'PATHEXT',
  'PROGRAMDATA',
  'PROGRAMFILES',
  'SYSTEMROOT',
  'TEMP',
  'TMP',
  'USERPROFILE',
  'WINDIR',
] as const;

const google = [
  'GOOGLE_API_KEY',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'GOOGLE_CLOUD_LOCATION',
  'GOOGLE_CLOUD_PROJECT',
] as const;

const aws = [
  'AWS_ACCESS_KEY_ID',
  'AWS_BEARER_TOKEN_BEDROCK',
  'AWS_CONFIG_FILE',
  'AWS_PROFILE',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_SHARED_CREDENTIALS_FILE',
] as const;

export const cliKinds = ['claude-cli', 'codex-cli', 'gemini-cli', 'command'] as const;
export type CliKind = (typeof cliKinds)[number];

export function isCliKind(kind: ProviderKind): kind is CliKind {
  return (cliKinds as readonly string[]).includes(kind);
}

const own: Readonly<Record<CliKind, readonly string[]>> = {
  'claude-cli': [
    'ANTHROPIC_API_KEY',
    'ANTHROPIC_AUTH_TOKEN',
    'ANTHROPIC_BASE_URL',
    'ANTHROPIC_CUSTOM_HEADERS',
    'CLAUDE_CODE_OAUTH_TOKEN',
    'CLAUDE_CONFIG_DIR',
  ],
  'codex-cli': ['CODEX_API_KEY', 'CODEX_HOME', 'OPENAI_API_KEY', 'OPENAI_BASE_URL'],
  'gemini-cli': [
    'GEMINI_API_KEY',
    'GEMINI_CLI_HOME',
    'GOOGLE_GEMINI_BASE_URL',
    'GOOGLE_GENAI_USE_GCA',
    'GOOGLE_GENAI_USE_VERTEXAI',
    ...google,
  ],
  command: [],
};

/** Ways to a vendor's models that lead through a cloud: the cloud's variables go along only where one is set. */
const clouds: Readonly<
  Partial<Record<CliKind, readonly (readonly [string, readonly string[]])[]>>
> = {
  'claude-cli': [
    ['CLAUDE_CODE_USE_BEDROCK', aws],
    [
      'CLAUDE_CODE_USE_VERTEX',
      ['ANTHROPIC_VERTEX_PROJECT_ID', 'CLOUD_ML_REGION', 'GOOGLE_APPLICATION_CREDENTIALS'],
    ],
  ],
};

/**
 * The environment that a program is started with: what it needs to work and to sign in, and nothing else.
 * Keys of other vendors, and what marks a session of an enclosing program, are not in it.
 * @param key the variable that the config names for this provider.
 */
export function cliEnvironment(
  kind: CliKind,
  env: NodeJS.ProcessEnv,
  key: string | undefined,
): Readonly<Record<string, string>> {
  const switches = (clouds[kind] ?? []).filter(([name]) => (env[name] ?? '') !== '');
  const names = [
    ...common,
    ...Object.keys(env).filter((name) => name.startsWith('LC_')),
    ...own[kind],
    ...switches.flatMap(([name, others]) => [name, ...others]),
    ...(key === undefined ? [] : [key]),
  ];
  const passed = names.flatMap((name): [string, string][] => {
    const value = env[name];
    return value === undefined || value === '' ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(passed), NO_COLOR: '1' };
}
