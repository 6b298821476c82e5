/** `--record` and `--replay`, of what may make calls; they reach the program with the other flags. */
export const tapeOptions = {
  record: {
    type: 'string',
    requiresArg: true,
    describe: 'Append every model call to this JSONL file',
  },
  replay: {
    type: 'string',
    requiresArg: true,
    describe: 'Answer every model call from a recording, strictly',
  },
} as const;

/** For `blueprint` alone, on whose page stands what every command takes. */
export const hiddenTapeOptions = {
  record: { ...tapeOptions.record, hidden: true },
  replay: { ...tapeOptions.replay, hidden: true },
} as const;
