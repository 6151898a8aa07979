import type { Transaction } from '../database/in-scope.js';
import { workingCalendar, type CalendarException, type WorkingCalendar } from '../domain/working-days.js';

/** The working-day calendar as the database has it, kept until its version moves. */
export class CalendarStore {
  private kept?: WorkingCalendar;
  private readonly asked = new WeakMap<Transaction, Promise<WorkingCalendar>>();

  /** The calendar in force, the same throughout a transaction; one small query when nothing changed. */
  current(tx: Transaction): Promise<WorkingCalendar> {
    const calendar = this.asked.get(tx) ?? this.inForce(tx);
    this.asked.set(tx, calendar);
    return calendar;
  }

  private async inForce(tx: Transaction): Promise<WorkingCalendar> {
    const [{ version, through }] = (await tx.query(
      `select coalesce(sum(version), 0)::int as version, max(year) filter (where status = 'published') as through from calendar_year`,
      [],
    )) as [{ version: number; through: number | null }];
    if (this.kept?.version !== version) this.kept = await load(tx, version, through);
    return this.kept;
  }
}

async function load(tx: Transaction, version: number, through: number | null): Promise<WorkingCalendar> {
  const days: CalendarException[] = await tx.query(`select to_char(date, 'YYYY-MM-DD') as date, kind from calendar_day`);
  return workingCalendar(version, days, `${through ?? 1900}-12-31`);
}
