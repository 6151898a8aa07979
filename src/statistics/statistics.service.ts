import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { majorsInForce } from '../code-sets/catalogues.store.js';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { handlingAt } from '../domain/offices.js';
import { addDays, dateOf, type PlainDate } from '../domain/working-days.js';
import type { Caller } from '../platform/access/caller.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { beyond, inScope, type Transaction } from '../platform/database/in-scope.js';
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

/** Whose figures, on which day they are asked for, and how many lines at most. */
export interface FiguresAsked {
  readonly organisations: readonly string[];
  readonly today: PlainDate;
  readonly most: number;
}

/** @throws Problem invalid-input for a day to come; too-many-lines */
export async function enrolmentFigures(
  tx: Transaction,
  { organisations, today, most }: FiguresAsked,
  { on = today, by = 'school', state = 'active,suspended' }: EnrolmentFiguresQuery,
): Promise<EnrolmentFigures> {
  if (on > today) throw new Problem('invalid-input', { errors: [{ pointer: '/on', detail: FIELD_FAULTS.future }] });
  const dimensions = DIMENSIONS.filter((one) => by.split(',').includes(one));
  const rows = await beyond(tx, 'figures', () =>
    tx.query<Omit<EnrolmentFigure, 'majorName'>[]>(ENROLMENTS_ON, [organisations, on, state.split(','), dimensions, most + 1]),
  );
  const majors = dimensions.includes('major') ? await majorsInForce(tx) : undefined;
  const items = bounded(rows, most).map((row) => ({ ...row, majorName: (row.major !== null && majors?.get(row.major)?.zh) || null }));
  return { on, by: dimensions, total: items.reduce((sum, { count }) => sum + count, 0), items };
}

/** @throws Problem invalid-input for a school year to come; too-many-lines */
export async function movementFigures(
  tx: Transaction,
  { organisations, today, most }: FiguresAsked,
  { schoolYear = yearOf(today), by }: MovementQuery,
): Promise<MovementFigures> {
  const from = `${schoolYear}-${YEAR_BEGINS}`;
  if (from > today) throw new Problem('invalid-input', { errors: [{ pointer: '/schoolYear', detail: FIELD_FAULTS.notBegun }] });
  const last = addDays(`${Number(schoolYear) + 1}-${YEAR_BEGINS}`, -1);
  const through = last < today ? last : today;
  const rows = await beyond(tx, 'figures', () => tx.query<MovementFigure[]>(MOVEMENTS(by), [organisations, from, through, most + 1]));
  return { schoolYear, from, through, items: bounded(rows, most) };
}

/** @throws Problem invalid-input for days that do not follow one another, or are to come; too-many-lines */
export async function retentionFigures(
  tx: Transaction,
  { organisations, today, most }: FiguresAsked,
  { grade, from = `${grade}-${REGISTRATION_ENDS}`, on = today, by }: RetentionQuery,
): Promise<RetentionFigures> {
  const errors = [
    ...(on > today ? [{ pointer: '/on', detail: FIELD_FAULTS.future }] : []),
    ...(from > on ? [{ pointer: '/from', detail: FIELD_FAULTS.datesDisagree }] : []),
  ];
  if (errors.length > 0) throw new Problem('invalid-input', { errors });
  const rows = await beyond(tx, 'figures', () =>
    tx.query<Omit<RetentionFigure, 'rate'>[]>(RETENTION(by), [organisations, grade, from, on, most + 1]),
  );
  const items = bounded(rows, most).map((row) => ({ ...row, rate: rounded((row.onRoll + row.finished) / row.cohort) }));
  return { grade, from, on, items };
}

/** Figures that the law asks for 统计: numbers only, of the caller's organisations and those below. */
@Injectable()
export class Statistics {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  enrolments(caller: Caller, query: EnrolmentFiguresQuery): Promise<EnrolmentFigures> {
    return inScope(this.db, caller, (tx) => enrolmentFigures(tx, this.asked(caller), query));
  }

  movements(caller: Caller, query: MovementQuery): Promise<MovementFigures> {
    return inScope(this.db, caller, (tx) => movementFigures(tx, this.asked(caller), query));
  }

  retention(caller: Caller, query: RetentionQuery): Promise<RetentionFigures> {
    return inScope(this.db, caller, (tx) => retentionFigures(tx, this.asked(caller), query));
  }

  private asked = (caller: Caller): FiguresAsked => ({
    organisations: handlingAt(caller),
    today: dateOf(this.clock.now()),
    most: MOST_LINES,
  });
}

/** To four places. */
const rounded = (share: number): number => Math.round(share * 10_000) / 10_000;

const yearOf = (day: string): string => String(Number(day.slice(0, 4)) - (day.slice(5) < YEAR_BEGINS ? 1 : 0));

function bounded<T>(rows: T[], most: number): T[] {
  if (rows.length > most) throw new Problem('too-many-lines');
  return rows;
}
