/** A reporter of vitest that names what passed on a second try only: a fault of the test, or of the program. */
export default class SecondTries {
  #names = [];

  onTestCaseResult(test) {
    if (!test.diagnostic()?.flaky) return;
    const [error] = test.result().errors ?? [];
    this.#names.push(
      `${test.module.relativeModuleId} > ${test.fullName}\n    ${error?.message ?? ''}`,
    );
  }

  onTestRunEnd() {
    if (this.#names.length === 0) return;
    console.log(`\nPassed on a second try only:\n  ${this.#names.join('\n  ')}`);
  }
}
