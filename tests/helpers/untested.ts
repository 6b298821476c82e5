/**
 * The small projects of most tests have no tests of their own, and their code tasks would all wait for a person.
 * That they do is told by tests/e2e/gates.test.ts. Nor have their scripts a verifier who makes tests of criteria:
 * tests/e2e/acceptance.test.ts has.
 */
export const untested = { BLUEPRINT_TESTS_WHEN_NONE: 'accept', BLUEPRINT_ACCEPTANCE: 'off' };
