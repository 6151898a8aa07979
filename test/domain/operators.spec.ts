import { holdOf, openTasks, stepOf } from '../../src/domain/case/case.js';
import { isProcessing } from '../../src/domain/case/next.js';
import { aTransfer, clerkOf, operator, reviewerOf, supervisorOf, type CaseTold } from '../fixtures/case.js';

const WEEK = 7 * 24 * 3_600_000;
const MOVES = ['cancel', 'pause', 'continue', 'retry'] as const;
const does = (told: CaseTold, move: (typeof MOVES)[number]) => told.moved({ do: move }, operator);
const approvedByAll = (): CaseTold => {
  const told = aTransfer().upTo('destinationAuthority');
  const { taskId, version } = told.task;
  told.moved({ do: 'decide', taskId, verdict: 'approve', opinion: '', version }, reviewerOf('eastCounty'));
  return told;
};

describe('what an operator does', () => {
  it('is for operators alone', () => {
    for (const actor of [clerkOf('westSchool'), reviewerOf('westSchool'), supervisorOf('westCounty')]) {
      const told = aTransfer();
      const { taskId } = told.task;
      const codes = MOVES.map((move) => told.moved({ do: move }, actor));
      const more = [
        told.moved({ do: 'extend', taskId }, actor),
        told.moved({ do: 'redirect', step: 'sourceSchool', to: 'eastSchool' }, actor),
      ];
      expect([...codes, ...more]).toEqual(Array(6).fill('not-your-office'));
    }
  });

  it('decides nothing and works on no task', () => {
    const told = aTransfer();
    const { taskId, version } = told.task;
    expect(told.moved({ do: 'decide', taskId, verdict: 'approve', opinion: '', version }, operator)).toBe('not-your-task');
    expect(told.moved({ do: 'claim', taskId }, operator)).toBe('not-your-task');
  });

  it('comes too late once the case has ended', () => {
    const told = aTransfer();
    does(told, 'cancel');
    expect(MOVES.map((move) => does(told, move))).toEqual(Array(4).fill('request-closed'));
  });
});

describe('cancelling', () => {
  it('ends the case at any step', () => {
    const told = aTransfer().upTo('sourceAuthority');
    expect(does(told, 'cancel')).toBeUndefined();
    expect([told.settled().state.closed, openTasks(told.state)]).toEqual(['cancelled', []]);
  });

  it('is the one end that comes after the last approval, as long as the change has not taken effect', () => {
    const told = approvedByAll();
    expect(told.moved({ do: 'recall' }, clerkOf('westSchool'))).toBe('already-approved');
    expect(does(told, 'cancel')).toBeUndefined();
    expect(told.settled().acts.map(({ kind }) => kind)).not.toContain('effected');
    expect(told.state.closed).toBe('cancelled');
    expect(does(approvedByAll().settled(), 'cancel')).toBe('request-closed');
  });
});

describe('pausing (an order of a court)', () => {
  it('takes the open task back, says so, and nothing is to be done or sent', () => {
    const told = aTransfer();
    expect([does(told, 'continue'), does(told, 'pause'), does(told, 'pause')]).toEqual(['not-paused', undefined, 'already-paused']);
    expect(holdOf(told.state)).toMatchObject({ kind: 'paused', cause: 'courtOrder', since: told.now });
    told.now += WEEK;
    expect([told.todo, told.agenda, openTasks(told.state), isProcessing(told.state)]).toEqual([{ do: 'wait' }, [], [], false]);
  });

  it('stops the clock: the step goes on with its next visit, and the pause is not counted', () => {
    const told = aTransfer().upTo('sourceAuthority');
    does(told, 'pause');
    told.now += WEEK;
    does(told, 'continue');
    expect(told.settled().task).toMatchObject({ step: 'sourceAuthority', visit: 2 });
    const [spent] = stepOf(told.state, 'sourceAuthority').spent;
    expect(spent?.decidedOn).toBe(spent?.arrivedOn);
    expect(told.decided('approve').decided('approve').state.closed).toBe('approved');
  });

  it('leaves the filer a recall and the operator everything, and the rest nothing', () => {
    const told = aTransfer();
    const { taskId } = told.task;
    does(told, 'pause');
    expect(told.moved({ do: 'claim', taskId }, reviewerOf('westSchool'))).toBe('request-held');
    expect(told.moved({ do: 'comment' }, reviewerOf('westSchool'))).toBeUndefined();
    expect(told.moved({ do: 'redirect', step: 'destinationSchool', to: 'otherSchool' }, operator)).toBeUndefined();
    expect(told.moved({ do: 'recall' }, clerkOf('westSchool'))).toBeUndefined();
  });

  it.each([
    ['the operator lets it go on first', ['continued by the operator', 'continued by the death']],
    ['the death lets it go on first', ['continued by the death', 'continued by the operator']],
  ])('beside a death that holds it lasts until both let it go on: %s', (_, order) => {
    const told = aTransfer();
    told.append({ kind: 'held', requestId: 'the death', cause: 'death' });
    does(told, 'pause');
    const lets = (who = '') =>
      told.append({ kind: 'continued', ...(who.endsWith('death') ? { requestId: 'the death' } : {}) }, operator).settled();
    lets(order[0]);
    expect(holdOf(told.state)).toMatchObject({ kind: 'paused', cause: order[0]?.endsWith('death') ? 'courtOrder' : 'death' });
    expect(openTasks(lets(order[1]).state)).toHaveLength(1);
  });
});

describe('extending a deadline', () => {
  it('gives the open task so many working days more, and moves no version that a reviewer has read', () => {
    const told = aTransfer();
    const { taskId, workingDays, version } = told.task;
    expect(told.moved({ do: 'extend', taskId }, operator)).toBeUndefined();
    expect(told.task).toMatchObject({ workingDays: workingDays + 5, version });
  });

  it('moves its reminders and escalations with it', () => {
    const told = aTransfer();
    const before = told.agenda.map(({ at }) => at);
    told.moved({ do: 'extend', taskId: told.task.taskId }, operator);
    expect(told.agenda.map(({ at }) => at)).toEqual(before.map((at) => at + WEEK));
  });

  it('is not for a task that is decided', () => {
    const told = aTransfer();
    const { taskId } = told.task;
    expect(told.decided('approve').moved({ do: 'extend', taskId }, operator)).toBe('already-decided');
  });
});

describe('redirecting a step of one case', () => {
  const redirect = (told: CaseTold, step: string, to: string) => told.moved({ do: 'redirect', step, to }, operator);

  it('takes an open task from its holder, and opens it at the other with all its days', () => {
    const told = aTransfer();
    const { taskId, version } = told.task;
    told.now += WEEK;
    expect(redirect(told, 'sourceSchool', 'otherSchool')).toBeUndefined();
    expect(told.settled().task).toMatchObject({ step: 'sourceSchool', visit: 2, holder: 'otherSchool', workingDays: 10 });
    expect(stepOf(told.state, 'sourceSchool').spent).toMatchObject([{ taskId, holder: 'westSchool' }]);
    const late = told.moved({ do: 'decide', taskId, verdict: 'approve', opinion: '', version }, reviewerOf('westSchool'));
    expect(late).toBe('already-decided');
    expect(told.decided('approve').task.step).toBe('destinationSchool');
  });

  it('of a step to come waits until it opens', () => {
    const told = aTransfer();
    redirect(told, 'sourceAuthority', 'westCity');
    expect(told.task).toMatchObject({ step: 'sourceSchool', visit: 1 });
    expect(told.upTo('sourceAuthority').task).toMatchObject({ holder: 'westCity', visit: 1 });
  });

  it('leaves a supplement with the filer; the step goes on at the other holder', () => {
    const told = aTransfer().decided('return');
    redirect(told, 'sourceSchool', 'otherSchool');
    expect(told.settled().task).toMatchObject({ supplement: true, holder: 'westSchool' });
    expect(told.supplemented().task).toMatchObject({ supplement: false, holder: 'otherSchool' });
  });

  it('frees a step that was parked for want of a living holder', () => {
    const told = aTransfer().decided('approve');
    told.acts.pop();
    told.append({ kind: 'parked', what: 'step', cause: 'no-living-holder', step: 'destinationSchool' });
    redirect(told, 'destinationSchool', 'otherSchool');
    expect(holdOf(told.state)).toBeNull();
    expect(told.settled().task.holder).toBe('otherSchool');
  });

  it('is refused for an approved step, for one that the route has not, and to the same holder', () => {
    const told = aTransfer().decided('approve');
    expect(['sourceSchool', 'nowhere'].map((step) => redirect(told, step, 'otherSchool'))).toEqual(['already-decided', 'unknown-step']);
    expect(redirect(told, 'destinationSchool', 'eastSchool')).toBe('same-holder');
  });
});

describe('retrying what is parked', () => {
  it('asks for the effect again at once', () => {
    const told = approvedByAll().append({ kind: 'parked', what: 'effect', cause: 'destination-school-closed' });
    expect(holdOf(told.state)).toMatchObject({ kind: 'effectParked' });
    expect(does(told, 'retry')).toBeUndefined();
    expect([holdOf(told.state), isProcessing(told.state), told.todo]).toEqual([null, true, { do: 'applyChange' }]);
  });

  it('is not the only way on: cancelling what is parked is at once under way', () => {
    const told = approvedByAll().append({ kind: 'parked', what: 'effect', cause: 'destination-school-closed' });
    expect(does(told, 'cancel')).toBeUndefined();
    expect([isProcessing(told.state), told.settled().state.closed]).toEqual([true, 'cancelled']);
  });

  it('is refused when nothing is', () => {
    expect(does(aTransfer(), 'retry')).toBe('nothing-parked');
  });
});
