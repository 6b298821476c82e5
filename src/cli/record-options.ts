/** Of what may make calls. */
export const recordOptions = {
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
export const hiddenRecordOptions = {
  record: { ...recordOptions.record, hidden: true },
  replay: { ...recordOptions.replay, hidden: true },
} as const;
