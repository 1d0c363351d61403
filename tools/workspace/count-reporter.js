/** A Jest reporter that leaves a project's totals in test-results/, where `npm test` adds them up. */
const fs = require('node:fs');
const path = require('node:path');

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
    };
    fs.writeFileSync(path.join(dir, `${project}.json`), `${JSON.stringify(totals, null, 2)}\n`);
  }
};
