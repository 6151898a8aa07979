import { blocker, type Blocker } from '../refusal.js';
import { addDays, type PlainDate } from '../working-days.js';

/** In which new students begin, each with a registration that ends on a day of its own (Art 6). */
export const SEASONS = ['spring', 'autumn'] as const;

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

/** The intake of who began to study on a day, such as `2026-autumn`: by the year and the season in which its registration ends. */
export function intakeCode(enrolledOn: PlainDate): string {
  const end = registrationEndsOn(enrolledOn);
  return `${end.slice(0, 4)}-${end.slice(5) === SPRING ? 'spring' : 'autumn'}`;
}

/** The last day to register an intake, by its code. */
export const endOfIntake = (code: string): PlainDate => `${code.slice(0, 4)}-${code.endsWith('spring') ? SPRING : AUTUMN}`;

/** Who reports in one intake does not begin to study in another: the two days say together which intake it is (R-06, A6). */
export const intakeBlockers = (reportedOn: PlainDate, enrolledOn: PlainDate): Blocker[] =>
  intakeCode(reportedOn) === intakeCode(enrolledOn) ? [] : [blocker('intake-days-differ', 'filer', '/enrolledOn')];

/** Why a record can't be taken today: the registration of its intake has ended, and its province has no window open (A6). */
export const lateBlockers = (isOpen: boolean): Blocker[] => (isOpen ? [] : [blocker('outside-late-window', 'authority', '/enrolledOn')]);
