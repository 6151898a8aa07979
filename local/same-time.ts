/**
 * What a process with an environment of its own must be told to live in the same time as this one, where that is not the machine's: the
 * tests are run so once in a while (CONTRIBUTING.md).
 */
export const sameTime = (env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => name === 'LD_PRELOAD' || name.startsWith('FAKETIME')));
