/** Categories of failures that block, whoever reports them. */
export const blockingCategories = ['syntax', 'test', 'contract', 'security'] as const;

/** Correctness first: work that is wrong is worth nothing, however clear. */
export const scoreWeights = {
  correctness: 0.5,
  consistency: 0.2,
  safety: 0.2,
  efficiency: 0.05,
  clarity: 0.05,
} as const;

/** One critic who sees a fault here is enough; of the others opinions are averaged. */
export const pessimisticScores = ['correctness', 'consistency', 'safety'] as const;

/** Critics that need no config, in the order in which they take part. */
export const knownCritics: Readonly<Record<string, string>> = {
  contracts:
    'Does the work do what was asked? Hold it against each requirement and acceptance criterion in turn: names, signatures, types, units, formats, error forms, edge values. Trace the code with concrete input for each; what is asked for and missing, or done otherwise, is a failure of the category contract. What was not asked for is one only where it does harm.',
  tests:
    'Would the tests catch a fault? For each acceptance criterion name the test that fails without it; one that has none, a test that cannot fail, and a test that asserts what the requirements do not say are failures of the category test. Run the tests in your head against the code: an assertion that the code does not meet is one too.',
  security:
    'What can hostile or broken input do? Look at every place where data comes in, at paths, commands, queries, parsing, secrets, resource use without a bound, and at errors that are swallowed. Report what somebody could really bring about, with the input that does it, as a failure of the category security; no general advice.',
  performance:
    'What does it cost as the input grows? Look for work that is repeated without need, for loops in loops over what can be large, for memory that is held or copied, for waiting that could be done at once. Report only what matters at the sizes that the requirements allow, with the size at which it hurts, as a failure of the category performance.',
  style:
    'Will the next person understand it? Look at names, at the size and the one purpose of each part, at duplication, dead code, comments that say what instead of why, and at the conventions of the files shown. Only what misleads a reader is a failure, of the category style; matters of taste are none.',
};
