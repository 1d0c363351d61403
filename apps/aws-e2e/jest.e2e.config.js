const { projectConfig } = require('../../jest.preset.js');

/** The rehearsal alone: it deploys, so it takes minutes, and is run by `npm run e2e:aws`. */
module.exports = { ...projectConfig(__dirname, { testTimeout: 600_000 }), displayName: 'aws-e2e-rehearsal', testMatch: ['<rootDir>/src/rehearsal.spec.ts'] };
