/** Tests run as compiled JavaScript: one compiler for the product and its tests (scripts/build.mjs). */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/dist/test'],
  testMatch: ['**/*.spec.js'],
  transform: {},
  testTimeout: 60_000,
  globalSetup: '<rootDir>/dist/test/engines/start.js',
  globalTeardown: '<rootDir>/dist/test/engines/stop.js',
};
