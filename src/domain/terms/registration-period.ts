import type { Policy } from '../policy/policy.js';
import { blocker, type Blocker } from '../refusal.js';
import { addDays, type PlainDate } from '../working-days.js';

/** The last days of the year on which the intakes of spring and autumn are registered, 'MM-DD'; never moved for a weekend (Art 6, R-06). */
const [SPRING, AUTUMN] = ['04-20', '11-20'] as const;
const ENDS = [SPRING, AUTUMN];

/** From one day through another, both in it. */
export interface Period {
  readonly from: PlainDate;
  readonly through: PlainDate;
}

/** When the students of an intake began to study: after the registration of the one before it had ended. */
export const intakePeriod = (year: number, season: 'spring' | 'autumn'): Period =>
  season === 'autumn'
    ? { from: addDays(`${year}-${SPRING}`, 1), through: `${year}-${AUTUMN}` }
    : { from: addDays(`${year - 1}-${AUTUMN}`, 1), through: `${year}-${SPRING}` };

/** The last day 'YYYY-MM-DD' to register a student who began to study on a day: the first end that follows. Pure. */
export function registrationEndsOn(enrolledOn: string): string {
  const year = Number(enrolledOn.slice(0, 4));
  const ends = [year, year + 1].flatMap((y) => ENDS.map((end) => `${y}-${end}`));
  return ends.find((end) => end >= enrolledOn) as string;
}

/** Why a record can't be taken today: the registration of its intake has ended, and its province has no window open (A6). */
export function lateBlockers(enrolledOn: string, today: string, { lateWindow }: Pick<Policy, 'lateWindow'>): Blocker[] {
  const open = today <= registrationEndsOn(enrolledOn) || lateWindow.includes(Number(today.slice(5, 7)));
  return open ? [] : [blocker('outside-late-window', 'authority', '/enrolledOn')];
}
