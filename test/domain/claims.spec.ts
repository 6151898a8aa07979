import { claimantOf } from '../../src/domain/case/claims.js';
import { addDays, instantOf, nationwide, workingCalendar, type CalendarException } from '../../src/domain/working-days.js';
import { aTransfer, reviewerOf, WEEKDAYS } from '../fixtures/case.js';

const MINUTE = 60_000;
const amended = (...days: CalendarException[]) => nationwide(workingCalendar(2, days, '2026-12-31'));

describe('a claim', () => {
  const claimed = () => {
    const told = aTransfer(); // on Monday, 2026-11-23
    told.moved({ do: 'claim', taskId: told.task.taskId }, reviewerOf('westSchool'));
    return told.task;
  };
  const lastDay = (task: ReturnType<typeof claimed>, calendars = nationwide(WEEKDAYS)) => {
    const held = (now: number) => claimantOf(task, { now, calendars }) !== undefined;
    const days = Array.from({ length: 20 }, (_, n) => addDays('2026-11-23', n));
    return days.find((day) => held(instantOf(day)) && held(instantOf(addDays(day, 1)) - MINUTE) && !held(instantOf(addDays(day, 1))));
  };

  it('lapses at the end of so many working days after its own', () => {
    expect(lastDay(claimed())).toBe('2026-11-25');
  });

  it('follows a calendar that is amended while it lasts, either way', () => {
    const off = amended({ date: '2026-11-24', kind: 'holiday' }, { date: '2026-11-25', kind: 'holiday' });
    expect(lastDay(claimed(), off)).toBe('2026-11-27');
    const told = aTransfer();
    told.now = instantOf('2026-11-27', 10); // a Friday
    told.moved({ do: 'claim', taskId: told.task.taskId }, reviewerOf('westSchool'));
    const worked = amended({ date: '2026-11-28', kind: 'makeupWorkday' });
    expect([lastDay(told.task), lastDay(told.task, worked)]).toEqual(['2026-12-01', '2026-11-30']);
  });

  it('is counted by the calendar of the holder’s province', () => {
    const off = workingCalendar(2, [{ date: '2026-11-24', kind: 'holiday' }], '2026-12-31');
    const inForce = (province: string) => ({ national: WEEKDAYS, ofProvince: new Map([[province, off]]) });
    expect([lastDay(claimed(), inForce('westProvince')), lastDay(claimed(), inForce('eastProvince'))]).toEqual([
      '2026-11-26',
      '2026-11-25',
    ]);
  });
});
