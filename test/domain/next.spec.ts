import { newCase, openTasks } from '../../src/domain/case/case.js';
import { comesNext, expectedNext, next } from '../../src/domain/case/next.js';
import { aTransfer, policyWith, transferRoute } from '../fixtures/case.js';

const STEPS = ['sourceSchool', 'destinationSchool', 'sourceAuthority', 'destinationAuthority'];

describe('what a run that was woken expects', () => {
  it('is the first step when it has read nothing yet', () => {
    expect(expectedNext(newCase(transferRoute()))).toEqual({ do: 'openTask', step: 'sourceSchool', visit: 1, supplement: false });
  });

  it('is what follows when the open task is approved, at each step, and the effect after the last', () => {
    const told = aTransfer();
    const guesses = STEPS.map(() => {
      const guess = expectedNext(told.state);
      told.decided('approve');
      return guess;
    });
    expect(guesses.map((guess) => (guess.do === 'openTask' ? guess.step : guess.do))).toEqual([...STEPS.slice(1), 'applyChange']);
  });

  it('is the next visit of the step that was returned when its supplement is open', () => {
    const told = aTransfer();
    told.decided('return');
    expect(openTasks(told.state)).toMatchObject([{ supplement: true }]);
    expect(expectedNext(told.state)).toEqual({ do: 'openTask', step: 'sourceSchool', visit: 2, supplement: false });
  });

  it('is nothing beyond what next says when no task is open', () => {
    const told = aTransfer(transferRoute({ policy: policyWith({ parallelAuthorities: true }) }));
    told.decided('reject');
    expect(expectedNext(told.state)).toEqual(next(told.state, [], 0));
  });
});

describe('whether exactly this comes next', () => {
  const opened = { do: 'openTask', step: 'sourceSchool', visit: 1, supplement: false } as const;
  const filed = { ...newCase(transferRoute()), seen: 1 };

  it('says yes to the very step, visit and kind of task, and no to any other', () => {
    expect(comesNext(filed, opened)).toBe(true);
    for (const other of [{ step: 'destinationSchool' }, { visit: 2 }, { supplement: true }])
      expect(comesNext(filed, { ...opened, ...other })).toBe(false);
  });

  it('says no to the effect, to an end and to messages while a step comes next', () => {
    expect(comesNext(filed, { do: 'applyChange' })).toBe(false);
    expect(comesNext(filed, { do: 'close', outcome: 'approved' })).toBe(false);
    expect(comesNext(filed, { do: 'wait' })).toBe(false);
  });

  it('says yes to the outcome that the acts have brought about, and to no other', () => {
    const rejected = { ...filed, ending: 'rejected' as const };
    expect(comesNext(rejected, { do: 'close', outcome: 'rejected' })).toBe(true);
    expect(comesNext(rejected, { do: 'close', outcome: 'approved' })).toBe(false);
  });
});
