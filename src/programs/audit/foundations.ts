import type { DataSource } from 'typeorm';
import { seedYears } from '../../calendar/seed-calendar.js';
import { CATALOGUE_NAMES } from '../../code-sets/catalogues.js';
import { seedCatalogue } from '../../code-sets/seed-catalogues.js';
import { statutoryDays } from '../../domain/statutory-days.js';
import { NATIONAL_DEFAULTS } from '../../domain/policy/policy.js';
import { inScope } from '../../platform/database/in-scope.js';
import type { Report } from './report.js';

const POLICIES = `
  select p.id || '/' || p.version as key from policy p where p.organisation_id is null and not exists (
    select 1 from jsonb_array_elements($1::jsonb) d where d ->> 'id' = p.id and (d ->> 'version')::int = p.version
      and (d ->> 'effectiveFrom')::date = p.effective_from and d -> 'content' = p.content and p.state = 'activated')`;
const CALENDARS = `
  select v.id::text as key, v.year from calendar_version v where v.drafted_by is null and not exists (
    select 1 from jsonb_array_elements($1::jsonb) d where (d ->> 'year')::int = v.year and d -> 'exceptions' = v.days and v.version = 1
      and v.state = 'approved')`;
const DECREED = `
  select to_char(coalesce(s.date, d.date), 'YYYY-MM-DD') as date
  from statutory_day s full join jsonb_to_recordset($1::jsonb) as d (date date, name text) on d.date = s.date
  where s.name is distinct from d.name order by 1 limit 20`;
const CATALOGUES = `
  select v.id::text as key, s.name from code_set_version v join code_set s on s.id = v.code_set_id
  where v.drafted_by is null and not exists (
    select 1 from jsonb_array_elements($1::jsonb) d where d ->> 'name' = s.name and d -> 'entries' = v.entries
      and d -> 'document' = v.document and d ->> 'firstIntake' = v.first_intake and v.version = 1 and v.state = 'activated')`;
const DAYS = `
  select coalesce(e.calendar_id, w.calendar_id)::text as calendar, to_char(coalesce(e.date, w.date), 'YYYY-MM-DD') as date
  from effective_days(null) e full join working_day w on w.calendar_id = e.calendar_id and w.date = e.date
  where (e.ordinal, e.worked) is distinct from (w.ordinal, w.worked) order by 1, 2 limit 20`;

/** What came with the installation is what this version brings, and the numbered days follow from the decree and the approved calendars. */
export async function verifyFoundations(db: DataSource, report: Report): Promise<void> {
  const policies = NATIONAL_DEFAULTS.map(({ policy: { id, version, ...content }, effectiveFrom }) => ({
    id,
    version,
    effectiveFrom,
    content,
  }));
  const [strange, amended, decreed, changed, days] = await inScope(db, 'system', (tx) =>
    Promise.all([
      tx.query<{ key: string }[]>(POLICIES, [JSON.stringify(policies)]),
      tx.query<{ key: string; year: number }[]>(CALENDARS, [JSON.stringify(seedYears())]),
      tx.query<{ date: string }[]>(DECREED, [JSON.stringify(statutoryDays())]),
      tx.query<{ key: string; name: string }[]>(CATALOGUES, [
        JSON.stringify(CATALOGUE_NAMES.map((name) => ({ name, ...seedCatalogue(name) }))),
      ]),
      tx.query<{ calendar: string; date: string }[]>(DAYS, []),
    ]),
  );
  for (const { key } of strange) report(`policy ${key}: it is not the national policy that comes with this version`);
  for (const { key, year } of amended) report(`calendar_version ${key}: it is not the calendar of ${year} that comes with this version`);
  for (const { key, name } of changed) report(`code_set_version ${key}: it is not the catalogue ${name} that comes with this version`);
  for (const { date } of decreed) report(`statutory_day ${date}: it is not the day of the standing decree that comes with this version`);
  for (const { calendar, date } of days)
    report(`working_day ${calendar} ${date}: it does not follow from the standing decree and the approved calendars`);
}
