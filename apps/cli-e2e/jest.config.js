module.exports = require('../../jest.preset.js').projectConfig(__dirname, { testTimeout: 120_000 });
