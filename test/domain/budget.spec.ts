import fc from 'fast-check';
import { deadlineOf } from '../../src/domain/case/agenda.js';
import { budgetOf } from '../../src/domain/case/budget.js';
import { openTasks } from '../../src/domain/case/case.js';
import { countedDays } from '../../src/domain/case/counted-days.js';
import { NATIONAL_DEFAULT } from '../../src/domain/policy/policy.js';
import { workingDaysOf } from '../../src/domain/case/remaining.js';
import { addDays, addWorkingDays, dateOf, instantOf, workingCalendar } from '../../src/domain/working-days.js';
import { aTransfer, CaseTold, clerkOf, operator, policyWith, reviewerOf, transferRoute, WEEKDAYS } from '../fixtures/case.js';
import { recount, recountBetween, type PlainDays } from '../fixtures/recount.js';

/** So many working days later, in the morning. */
const later = (told: CaseTold, days: number) => {
  told.now = instantOf(addWorkingDays(WEEKDAYS, dateOf(told.now), days).date, 9);
};
/** What the next visit of a step would have at a holder. */
const budget = (told: CaseTold, id: string, holder: string) => {
  const step = told.route.steps.find((one) => one.id === id);
  if (!step) throw new Error('no such step');
  return workingDaysOf(WEEKDAYS, { workingDays: step.workingDays, budget: budgetOf(told.state, step, holder) });
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

  it('are whole for another organisation that an operator puts in the holder’s place, whatever that has used (Art 14 分别)', () => {
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

describe('the working days of a later visit after an amendment (A8, A9)', () => {
  const HOLDERS = ['westSchool', 'otherSchool'] as const;
  const days = fc
    .array(fc.tuple(fc.nat(60), fc.constantFrom('holiday' as const, 'makeupWorkday' as const)), { maxLength: 25 })
    .map((some) => new Map(some.map(([n, kind]) => [addDays('2026-11-15', n), kind] as const)));
  const calendarOf = (plain: PlainDays) =>
    // prettier-ignore
    workingCalendar(1, [...plain].map(([date, kind]) => ({ date, kind: kind as 'holiday' | 'makeupWorkday' })), '2027-12-31');
  const stops = fc.array(
    fc.record({ after: fc.nat(9), rests: fc.nat(6), how: fc.constantFrom('pause' as const, 'elsewhere' as const) }),
    { minLength: 1, maxLength: 4 }, // prettier-ignore
  );
  const chosen = fc.record({
    before: days,
    amended: days,
    stops,
    total: fc.boolean(),
    least: fc.constantFrom(3, 5, 10),
    extended: fc.nat(4),
  });

  interface Stood {
    holder: string;
    arrivedOn: string;
    endedOn: string;
  }
  /** A case whose first step is stopped again and again, and where it stood before the visit that is open in the end. */
  function stopped({ before, stops: all, total, least, extended }: typeof chosen extends fc.Arbitrary<infer T> ? T : never) {
    const policy = { ...policyWith({ deadlineScope: total ? 'total' : 'each' }), leastRemainingWorkingDays: least };
    const told = new CaseTold(transferRoute({ policy }));
    told.calendar = calendarOf(before);
    told.settled();
    const stood = all.map(({ after, rests, how }): Stood => {
      const { holder, arrivedOn } = told.task;
      told.now += after * 86_400_000;
      const endedOn = dateOf(told.now);
      if (how === 'elsewhere') redirect(told, HOLDERS.find((one) => one !== holder) ?? holder);
      told.append({ kind: 'held', cause: 'courtOrder' }, operator);
      told.now += rests * 86_400_000;
      told.append({ kind: 'continued' }, operator).settled();
      return { holder, arrivedOn, endedOn };
    });
    const { taskId, step, visit } = told.task;
    if (extended > 0) told.append({ kind: 'extended', taskId, step, visit, workingDays: extended }, operator);
    return { told, stood };
  }
  const used = (plain: PlainDays, stood: readonly Stood[]) =>
    new Set(stood.flatMap(({ arrivedOn, endedOn }) => recountBetween(plain, arrivedOn, endedOn))).size;

  it('are what the calendar in force leaves of them, whatever visits, amendment, policy and extension, by a plain recount', () => {
    fc.assert(
      fc.property(chosen, (all) => {
        const { told, stood } = stopped(all);
        const { task, route } = told;
        const own = stood.filter(({ holder }) => holder === task.holder);
        for (const plain of [all.before, all.amended]) {
          const ofAll = (route.totalWorkingDays ?? Infinity) - used(plain, stood);
          const left = Math.max(all.least, Math.min(10 - used(plain, own), ofAll)) + all.extended;
          expect(workingDaysOf(calendarOf(plain), task)).toBe(left);
          expect(deadlineOf(calendarOf(plain), task).dueDate).toBe(recount(plain, task.arrivedOn, left));
        }
      }),
    );
  });

  it('end on the day that the clock, day by day, shows as the step’s last, unless the floor or more days put it later', () => {
    fc.assert(
      fc.property(chosen, ({ total: _, least: __, ...all }) => {
        const { told, stood } = stopped({ ...all, total: false, least: 3, extended: 0 });
        const { task } = told;
        const calendar = calendarOf(all.amended);
        const own = stood.filter(({ holder }) => holder === task.holder);
        const { dueDate } = deadlineOf(calendar, task);
        const nth = countedDays(calendar, [...own, { arrivedOn: task.arrivedOn }], dueDate).at(-1)?.nth;
        expect(nth).toBe(Math.max(10, used(all.amended, own) + 3));
      }),
    );
  });

  it('stay all of them where policy begins anew with each visit (A9)', () => {
    const told = new CaseTold(transferRoute({ policy: { ...NATIONAL_DEFAULT, leastRemainingWorkingDays: 10 } })).settled();
    later(told, 4);
    told.decided('return').supplemented();
    expect([workingDaysOf(WEEKDAYS, told.task), workingDaysOf(calendarOf(new Map([['2026-11-25', 'holiday']])), told.task)]).toEqual([
      10, 10,
    ]);
  });
});
