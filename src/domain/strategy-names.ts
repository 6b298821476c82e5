/** Ways to get candidates for a task and to choose among them. */
export const strategyNames = ['single', 'ensemble', 'tournament'] as const;
export type StrategyName = (typeof strategyNames)[number];
