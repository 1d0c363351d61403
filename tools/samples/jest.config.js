const path = require('node:path');
const config = require('../../jest.preset.js').projectConfig(__dirname);
const domains = path.join(__dirname, '../../domains');

/** The sample folders have names of their own, because a domain's door does not lead to them. */
module.exports = {
  ...config,
  moduleNameMapper: {
    ...config.moduleNameMapper,
    '^@inlet/nsde-samples$': path.join(domains, 'nsde/src/sample/index.ts'),
    '^@inlet/cder-samples$': path.join(domains, 'cder/src/sample/index.ts'),
  },
};
