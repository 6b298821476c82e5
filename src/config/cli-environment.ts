import type { ProgramTraits } from '../extensions.ts';

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

/**
 * The environment that a program is started with: what it needs to work and to sign in, and nothing else.
 * Keys of other vendors, and what marks a session of an enclosing program, are not in it.
 * @param key the variable that the config names for this provider.
 */
export function cliEnvironment(
  { variables, optionalVariables = {} }: ProgramTraits,
  env: NodeJS.ProcessEnv,
  key: string | undefined,
): Readonly<Record<string, string>> {
  const switches = Object.entries(optionalVariables).filter(([name]) => (env[name] ?? '') !== '');
  const names = [
    ...common,
    ...Object.keys(env).filter((name) => name.startsWith('LC_')),
    ...variables,
    ...switches.flatMap(([name, others]) => [name, ...others]),
    ...(key === undefined ? [] : [key]),
  ];
  const passed = names.flatMap((name): [string, string][] => {
    const value = env[name];
    return value === undefined || value === '' ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(passed), NO_COLOR: '1' };
}
