/** Of the commands that may run gates; they reach the config with the other flags. */
export const gateOptions = {
  gates: {
    type: 'string',
    array: true,
    nargs: 1,
    describe: 'The checks that run, in order: paths,syntax,contract,tests,commands',
  },
  'test-command': {
    type: 'string',
    requiresArg: true,
    describe: 'How the tests are run, by a shell in the sandbox',
  },
  sandbox: {
    type: 'string',
    requiresArg: true,
    describe: 'Where produced code is run: auto, bubblewrap or docker',
  },
  'unsafe-no-sandbox': {
    type: 'boolean',
    default: false,
    describe: 'Run produced code as plain processes of yours',
  },
} as const;
