/** A Jest reporter that leaves a project's totals, what failed, and what this machine could not test, in test-results/, where `npm test` adds them up. */
const fs = require('node:fs');
const path = require('node:path');

/** Each failed test of one spec file by its full title with its message, or the file itself when it did not run. */
function failuresOf({ testFilePath, testResults, testExecError, failureMessage }) {
  const file = path.relative(path.resolve(__dirname, '../..'), testFilePath);
  if (testExecError) return [{ file, title: '(the file did not run)', message: failureMessage ?? String(testExecError) }];
  return testResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) => ({ file, title: fullName, message: failureMessages.join('\n') }));
}

/** Of `skipAloud`: what was left out for want of something, and why. */
const SKIPPED = /^SKIPPED: /;

function skipsOf({ testResults }) {
  return testResults.filter(({ status, title }) => status === 'pending' && SKIPPED.test(title)).map(({ title }) => title.replace(SKIPPED, ''));
}

module.exports = class CountReporter {
  onRunComplete(contexts, results) {
    const [context] = contexts;
    const project = context?.config.displayName?.name ?? 'unknown';
    const dir = path.resolve(__dirname, '../../test-results');
    fs.mkdirSync(dir, { recursive: true });
    const totals = {
      project,
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
      failures: results.testResults.flatMap((file) => failuresOf(file)),
      skips: results.testResults.flatMap((file) => skipsOf(file)),
    };
    fs.writeFileSync(path.join(dir, `${project}.json`), `${JSON.stringify(totals, null, 2)}\n`);
  }
};
