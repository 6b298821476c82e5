/** `--budget`, of the commands that may make calls; it reaches the config with the other flags. */
export const budgetOption = {
  budget: {
    type: 'number',
    requiresArg: true,
    describe: 'USD that its calls may cost at most',
  },
} as const;
