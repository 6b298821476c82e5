/** Tokens that a planning prompt has for what the project is. */
export const factTokens = 1_500;
