import { configurationFaults, settingsFrom } from '../../local/settings.js';
import { InvalidConfiguration } from '../../src/platform/config.js';

describe('the settings of npm start', () => {
  const problemsOf = (env: NodeJS.ProcessEnv): readonly string[] => {
    try {
      settingsFrom(env, configurationFaults);
    } catch (error) {
      if (error instanceof InvalidConfiguration) return error.problems.map((problem) => problem.split(' ')[0] ?? '').sort();
      throw error;
    }
    return [];
  };

  it('need nothing, and no keys, which it makes itself', () => {
    expect(problemsOf({})).toEqual([]);
    expect(problemsOf({ FIELD_KEY: ' ', DATABASE_URL: '' })).toEqual([]);
  });

  it('are refused before anything starts, every wrong value named once', () => {
    const wrong = {
      PORT: '70000',
      TEMPORAL_PORT: 'x',
      TEMPORAL_UI_PORT: '0',
      SESSION_HOURS: '0',
      LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://a',
    };
    expect(problemsOf(wrong)).toEqual(Object.keys(wrong).concat('DATABASE_OWNER_URL').sort());
  });
});
