import { subtractWorkingDays, type PlainDate, type WorkingCalendar } from '../working-days.js';

/** In which days a leaving is dealt with. */
export interface LeavingWindow {
  /** The first day, so many working days before the leaving day. */
  readonly opensOn: PlainDate;
  /** The leaving day itself: what is completed on it is in time. */
  readonly closesOn: PlainDate;
}

/** 离校前 20 个工作日内: counted backwards from the leaving day, which does not count itself (Art 18, R-23). */
export const leavingWindow = (calendar: WorkingCalendar, leavingOn: PlainDate, workingDays: number): LeavingWindow => ({
  opensOn: subtractWorkingDays(calendar, leavingOn, workingDays),
  closesOn: leavingOn,
});

/** Where a day lies: what is not completed within the window, its review included, is late. */
export function inWindow({ opensOn, closesOn }: LeavingWindow, day: PlainDate): 'before' | 'within' | 'late' {
  if (day < opensOn) return 'before';
  return day > closesOn ? 'late' : 'within';
}
