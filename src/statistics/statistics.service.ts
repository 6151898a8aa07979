import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { majorsInForce } from '../code-sets/catalogues.store.js';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { handlingAt } from '../domain/offices.js';
import { addDays, dateOf } from '../domain/working-days.js';
import type { Caller } from '../platform/access/caller.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { beyond, inScope } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import type {
  EnrolmentFigure,
  EnrolmentFigures,
  EnrolmentFiguresQuery,
  MovementFigure,
  MovementFigures,
  MovementQuery,
  RetentionFigure,
  RetentionFigures,
  RetentionQuery,
} from './statistics.dto.js';
import { DIMENSIONS, ENROLMENTS_ON, MOST_LINES, MOVEMENTS, RETENTION } from './statistics.store.js';

/** The first day of a school year, month and day. */
const YEAR_BEGINS = '09-01';

/** The last day of the autumn registration (Art 6, R-06). */
const REGISTRATION_ENDS = '11-20';

/** Figures that the law asks for 统计: numbers only, of the caller's organisations and those below. */
@Injectable()
export class Statistics {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws Problem invalid-input for a day to come; too-many-lines */
  enrolments(caller: Caller, { on: asked, by = 'school', state = 'active,suspended' }: EnrolmentFiguresQuery): Promise<EnrolmentFigures> {
    const today = dateOf(this.clock.now());
    const on = asked ?? today;
    if (on > today) throw new Problem('invalid-input', { errors: [{ pointer: '/on', detail: FIELD_FAULTS.future }] });
    const dimensions = DIMENSIONS.filter((one) => by.split(',').includes(one));
    return inScope(this.db, caller, async (tx) => {
      const rows = await beyond(tx, 'figures', () =>
        tx.query<Omit<EnrolmentFigure, 'majorName'>[]>(ENROLMENTS_ON, [
          handlingAt(caller),
          on,
          state.split(','),
          dimensions,
          MOST_LINES + 1,
        ]),
      );
      const majors = dimensions.includes('major') ? await majorsInForce(tx) : undefined;
      const items = bounded(rows).map((row) => ({ ...row, majorName: (row.major !== null && majors?.get(row.major)?.zh) || null }));
      return { on, by: dimensions, total: items.reduce((sum, { count }) => sum + count, 0), items };
    });
  }

  /** @throws Problem invalid-input for a school year to come; too-many-lines */
  movements(caller: Caller, { schoolYear: asked, by }: MovementQuery): Promise<MovementFigures> {
    const today = dateOf(this.clock.now());
    const schoolYear = asked ?? yearOf(today);
    const from = `${schoolYear}-${YEAR_BEGINS}`;
    if (from > today) throw new Problem('invalid-input', { errors: [{ pointer: '/schoolYear', detail: FIELD_FAULTS.notBegun }] });
    const last = addDays(`${Number(schoolYear) + 1}-${YEAR_BEGINS}`, -1);
    const through = last < today ? last : today;
    return inScope(this.db, caller, async (tx) => {
      const rows = await beyond(tx, 'figures', () =>
        tx.query<MovementFigure[]>(MOVEMENTS(by), [handlingAt(caller), from, through, MOST_LINES + 1]),
      );
      return { schoolYear, from, through, items: bounded(rows) };
    });
  }

  /** @throws Problem invalid-input for days that do not follow one another, or are to come; too-many-lines */
  retention(caller: Caller, { grade, from: asked, on: askedOn, by }: RetentionQuery): Promise<RetentionFigures> {
    const today = dateOf(this.clock.now());
    const [from, on] = [asked ?? `${grade}-${REGISTRATION_ENDS}`, askedOn ?? today];
    const errors = [
      ...(on > today ? [{ pointer: '/on', detail: FIELD_FAULTS.future }] : []),
      ...(from > on ? [{ pointer: '/from', detail: FIELD_FAULTS.datesDisagree }] : []),
    ];
    if (errors.length > 0) throw new Problem('invalid-input', { errors });
    return inScope(this.db, caller, async (tx) => {
      const rows = await beyond(tx, 'figures', () =>
        tx.query<Omit<RetentionFigure, 'rate'>[]>(RETENTION(by), [handlingAt(caller), grade, from, on, MOST_LINES + 1]),
      );
      const items = bounded(rows).map((row) => ({ ...row, rate: rounded((row.onRoll + row.finished) / row.cohort) }));
      return { grade, from, on, items };
    });
  }
}

/** To four places. */
const rounded = (share: number): number => Math.round(share * 10_000) / 10_000;

const yearOf = (day: string): string => String(Number(day.slice(0, 4)) - (day.slice(5) < YEAR_BEGINS ? 1 : 0));

function bounded<T>(rows: T[]): T[] {
  if (rows.length > MOST_LINES) throw new Problem('too-many-lines');
  return rows;
}
