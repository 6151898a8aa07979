import { budgetOf } from '../../src/domain/budget.js';
import { openTasks } from '../../src/domain/case.js';
import { addWorkingDays, dateOf, instantOf } from '../../src/domain/working-days.js';
import { aTransfer, clerkOf, operator, policyWith, reviewerOf, transferRoute, WEEKDAYS, type CaseTold } from '../fixtures/case.js';

/** So many working days later, in the morning. */
const later = (told: CaseTold, days: number) => {
  told.now = instantOf(addWorkingDays(WEEKDAYS, dateOf(told.now), days).date, 9);
};
/** What the next visit of a step would have at a holder. */
const budget = (told: CaseTold, id: string, holder: string) => {
  const step = told.route.steps.find((one) => one.id === id);
  if (!step) throw new Error('no such step');
  return budgetOf(told.state, step, holder, WEEKDAYS);
};
const redirect = (told: CaseTold, to: string) => told.moved({ do: 'redirect', step: 'sourceSchool', to }, operator);

describe('the working days of a visit', () => {
  it('are what the holder’s earlier visits have left, at least the floor (A9)', () => {
    const told = aTransfer();
    later(told, 4);
    told.decided('return').supplemented();
    expect(budget(told, 'sourceSchool', 'westSchool')).toBe(6);
    later(told, 5);
    told.append({ kind: 'held', cause: 'courtOrder' }, operator).append({ kind: 'continued' }, operator);
    expect(budget(told, 'sourceSchool', 'westSchool')).toBe(3);
  });

  it('are all of them for another organisation that an operator puts in the holder’s place, whatever the former has used (Art 14 分别)', () => {
    const told = aTransfer();
    later(told, 4);
    told.decided('return').supplemented();
    later(told, 3);
    redirect(told, 'otherSchool');
    expect(budget(told, 'sourceSchool', 'otherSchool')).toBe(10);
    told.settled();
    later(told, 2);
    redirect(told, 'westSchool');
    expect([budget(told, 'sourceSchool', 'westSchool'), budget(told, 'sourceSchool', 'otherSchool')]).toEqual([3, 8]);
  });

  it('go on with its successor, which takes over what it has and has used (Art 12)', () => {
    const told = aTransfer();
    later(told, 4);
    told.decided('return').supplemented();
    told.append({ kind: 'rerouted', from: 'westSchool', to: 'mergedSchool', ladder: [], onBehalf: false, changeId: 'the merger' });
    expect(budget(told, 'sourceSchool', 'mergedSchool')).toBe(6);
  });

  it('that all steps have together (A2) are used up by whoever held them, also where a step was taken back or put elsewhere', () => {
    const told = aTransfer(transferRoute({ policy: policyWith({ deadlineScope: 'total' }) }));
    const total = told.route.totalWorkingDays ?? 0;
    later(told, total - 9);
    redirect(told, 'otherSchool');
    expect(budget(told, 'sourceSchool', 'otherSchool')).toBe(9);
    told.settled();
    const { taskId, version } = told.task;
    told.moved({ do: 'decide', taskId, verdict: 'approve', opinion: '', version }, reviewerOf('otherSchool'));
    told.settled();
    later(told, 2);
    expect(told.moved({ do: 'retract', taskId }, reviewerOf('otherSchool'))).toBeUndefined();
    expect(budget(told, 'destinationSchool', 'eastSchool')).toBe(7);
    expect(told.moved({ do: 'recall' }, clerkOf('westSchool'))).toBeUndefined();
  });

  it('that all steps have together are spent once on a day on which two authorities had the case beside one another (A2)', () => {
    const told = aTransfer(transferRoute({ policy: policyWith({ deadlineScope: 'total', parallelAuthorities: true }) }));
    told.decided('approve').decided('approve');
    const [source, destination] = openTasks(told.state);
    if (!source || !destination) throw new Error('both authorities have a task');
    later(told, 4);
    told.decided('approve', reviewerOf(source.holder), source);
    later(told, 2);
    told.append({ kind: 'held', cause: 'courtOrder' }, operator);
    expect(told.route.totalWorkingDays).toBe(10);
    expect(budget(told, destination.step, destination.holder)).toBe(4);
    expect(budget(told, source.step, 'anotherCounty')).toBe(4);
  });
});
