import { readFileSync } from 'node:fs';
import type { Transaction } from '../database/in-scope.js';

interface SeedYear {
  readonly year: number;
  readonly notices: readonly string[];
  readonly exceptions: readonly { readonly date: string; readonly kind: 'holiday' | 'makeupWorkday'; readonly name: string }[];
}

const seedYears = (): SeedYear[] =>
  (JSON.parse(readFileSync(new URL('./seed/holidays.json', import.meta.url), 'utf8')) as { years: SeedYear[] }).years;

/**
 * The published calendars of 2014 to 2026 with the State Council's notices. A year that is there already is left whole as it is,
 * with its amendments.
 */
export async function seedCalendar(tx: Transaction): Promise<void> {
  await tx.query(
    `with seed as (select * from jsonb_to_recordset($1::jsonb) as seed (year int, notice text, exceptions jsonb)),
       fresh as (
         insert into calendar_year (year, status, version, notice) select year, 'published', 1, notice from seed
         on conflict do nothing returning year)
     insert into calendar_day (date, kind, name)
     select day.date, day.kind, day.name from seed join fresh using (year)
       cross join jsonb_to_recordset(seed.exceptions) as day (date date, kind text, name text)
     on conflict do nothing`,
    [JSON.stringify(seedYears().map(({ year, notices, exceptions }) => ({ year, notice: notices.join('、') || null, exceptions })))],
  );
}
