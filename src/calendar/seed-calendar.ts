import { readFileSync } from 'node:fs';
import type { Transaction } from '../platform/database/in-scope.js';
import { statutoryDays } from '../domain/statutory-days.js';
import { NATIONAL_CALENDAR } from './national-calendar.js';
import { numberWorkingDays } from './numbering.js';

interface SeedYear {
  readonly year: number;
  readonly notices: readonly string[];
  readonly exceptions: readonly { readonly date: string; readonly kind: 'holiday' | 'makeupWorkday'; readonly name: string }[];
}

/** The published years that come with the product. */
export const seedYears = (): SeedYear[] =>
  (JSON.parse(readFileSync(new URL('./seed/holidays.json', import.meta.url), 'utf8')) as { years: SeedYear[] }).years;

/** Whether the days of the standing decree in the database were others than those of this version. They are these now. */
async function seedStatutoryDays(tx: Transaction): Promise<boolean> {
  const [{ changed }] = await tx.query<[{ changed: boolean }]>(
    `with decreed as (select date, name from jsonb_to_recordset($1::jsonb) as d (date date, name text)),
       gone as (delete from statutory_day s where not exists (select 1 from decreed d where d.date = s.date) returning 1),
       come as (insert into statutory_day select date, name from decreed
         on conflict (date) do update set name = excluded.name where statutory_day.name <> excluded.name returning 1)
     select exists (select 1 from gone) or exists (select 1 from come) as changed`,
    [JSON.stringify(statutoryDays())],
  );
  return changed;
}

/**
 * The days of the standing decree, and the published calendars of 2014 to 2026 with the State Council's announcements. The calendars are
 * first versions that came with the installation. A year that is there already stays as it is, with its amendments.
 */
export async function seedCalendar(tx: Transaction): Promise<void> {
  const decreed = await seedStatutoryDays(tx);
  const seeded = await tx.query<unknown[]>(
    `insert into calendar_version (id, calendar_id, year, version, based_on, state, notice, valid_through, days)
     select gen_random_uuid(), $1, year, 1, 0, 'approved', notice, make_date(year, 12, 31), exceptions
     from jsonb_to_recordset($2::jsonb) as seed (year int, notice text, exceptions jsonb)
     where not exists (select 1 from calendar_version v where v.calendar_id = $1 and v.year = seed.year and v.state = 'approved')
     on conflict do nothing returning 1`,
    [
      NATIONAL_CALENDAR,
      JSON.stringify(seedYears().map(({ year, notices, exceptions }) => ({ year, notice: notices.join('、') || null, exceptions }))),
    ],
  );
  const [unnumbered] = await tx.query<unknown[]>('select 1 from calendar where id = $1 and version = 0', [NATIONAL_CALENDAR]);
  if (decreed || seeded.length > 0 || unnumbered) await numberWorkingDays(tx);
}
