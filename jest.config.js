/** Tests run as compiled JavaScript: one compiler for the product and its tests (scripts/build.mjs). */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/dist/test'],
  testMatch: ['**/*.spec.js'],
  transform: {},
  // A hang costs five minutes; until then what waits says itself what it waited for in vain (test/fixtures/story.ts).
  testTimeout: 300_000,
  // Each file leaves some 70 MB of modules behind; near the heap's limit, tests of three seconds took a minute.
  workerIdleMemoryLimit: '1GB',
  globalSetup: '<rootDir>/dist/test/engines/start.js',
  globalTeardown: '<rootDir>/dist/test/engines/stop.js',
};
