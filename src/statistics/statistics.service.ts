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
} from './statistics.dto.js';
import { DIMENSIONS, ENROLMENTS_ON, MOST_LINES, MOVEMENTS } from './statistics.store.js';

/** The first day of a school year, month and day. */
const YEAR_BEGINS = '09-01';

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
}

const yearOf = (day: string): string => String(Number(day.slice(0, 4)) - (day.slice(5) < YEAR_BEGINS ? 1 : 0));

function bounded<T>(rows: T[]): T[] {
  if (rows.length > MOST_LINES) throw new Problem('too-many-lines');
  return rows;
}
