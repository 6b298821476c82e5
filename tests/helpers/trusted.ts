/**
 * Configs that tests write are their own. What becomes of one that nobody trusted is told by
 * tests/cli/commands/trust.e2e.test.ts and tests/config/trust.test.ts.
 */
export const trusted = { BLUEPRINT_TRUST: '1' };
