import type { Transaction } from '../platform/database/in-scope.js';
import { workingCalendar, type CalendarException, type WorkingCalendar, type WorkingCalendars } from '../domain/working-days.js';
import { NATIONAL_CALENDAR } from './national-calendar.js';

interface InForce {
  id: string;
  provinceId: string | null;
  version: number;
  publishedThrough: string;
}

/** The working-day calendars of the database. Each is cached until its version moves. */
export class CalendarStore {
  private readonly kept = new Map<string, WorkingCalendar>();
  private readonly asked = new WeakMap<Transaction, Promise<WorkingCalendars>>();

  /** The calendars in force, the same throughout a transaction; one small query when nothing changed. */
  current(tx: Transaction): Promise<WorkingCalendars> {
    const calendars = this.asked.get(tx) ?? this.inForce(tx);
    this.asked.set(tx, calendars);
    return calendars;
  }

  private async inForce(tx: Transaction): Promise<WorkingCalendars> {
    const rows = await tx.query<InForce[]>(
      `select id, organisation_id as "provinceId", version, to_char(published_through, 'YYYY-MM-DD') as "publishedThrough" from calendar
        where version > 0`,
      [],
    );
    const ofProvince = new Map<string, WorkingCalendar>();
    let national: WorkingCalendar | undefined;
    for (const row of rows) {
      const calendar = await this.calendar(tx, row);
      if (row.provinceId !== null) ofProvince.set(row.provinceId, calendar);
      else if (row.id === NATIONAL_CALENDAR) national = calendar;
    }
    if (!national) throw new Error('no calendar is in force: the foundations are not laid');
    return { national, ofProvince };
  }

  private async calendar(tx: Transaction, row: InForce): Promise<WorkingCalendar> {
    const known = this.kept.get(row.id);
    if (known?.version === row.version) return known;
    const calendar = await load(tx, row);
    this.kept.set(row.id, calendar);
    return calendar;
  }
}

/** From the very days that SQL counts on, so that both agree; only those that the weekday and the standing decree do not tell. */
async function load(tx: Transaction, { id, version, publishedThrough }: InForce): Promise<WorkingCalendar> {
  const days = await tx.query<CalendarException[]>(
    `select to_char(date, 'YYYY-MM-DD') as date, case when worked then 'makeupWorkday' else 'holiday' end as kind
     from working_day w where calendar_id = $1
       and worked <> (extract(isodow from date) < 6 and not exists (select 1 from statutory_day s where s.date = w.date))`,
    [id],
  );
  return workingCalendar(version, days, publishedThrough);
}
