import { CALENDAR_AT } from '../calendar/national-calendar.js';
import { noteSilences, SILENCES_AT_ONCE, type SilenceDeps } from '../cases/silences.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { appendNext } from '../platform/ledger/streams.js';
import { PolicyStore } from '../policies/policies.store.js';
import { admittedByMajor, type Season } from './admissions.store.js';

interface Due {
  readonly id: string;
  readonly schoolId: string;
  readonly authorityId: string;
  readonly year: number;
  readonly season: Season;
}

const UNTOLD = `l.missing_told_at is null and l.withdrawn_at is null and l.reports_on < $1::date`;

/** Days of reporting in provinces, of lists of which nobody was told, before a day ($1). */
export const UNTOLD_DAYS = `
  select distinct o.province_id as "provinceId", to_char(l.reports_on, 'YYYY-MM-DD') as "reportsOn"
  from admission_list l join organisation o on o.id = l.school_id where ${UNTOLD}`;

/** Lists whose working days ($4) since reporting ($3, in the province $2) have passed before a day ($1), and of which nobody was told. */
export const LISTS_DUE = `
  select l.id, l.school_id as "schoolId", o.parent_id as "authorityId", l.year, l.season
  from unnest($2::uuid[], $3::date[], $4::int[]) as p (province, reports_on, days)
    join admission_list l on l.reports_on = p.reports_on join organisation o on o.id = l.school_id and o.province_id = p.province
    ${CALENDAR_AT}
    join working_day t on t.calendar_id = c.id and t.date = $1::date
    join working_day d on d.calendar_id = c.id and d.date = l.reports_on and t.ordinal - d.ordinal > p.days
  where ${UNTOLD} order by l.reports_on, l.id limit ${SILENCES_AT_ONCE}`;

/** Tells school and authority once of people who were admitted and did not report in time (Art 6, R-05). True when there may be more. */
export const tellOfMissing = (deps: SilenceDeps): Promise<boolean> =>
  noteSilences<Due>(
    deps,
    LISTS_DUE,
    (tx, one) => tell(tx, deps, one),
    async (tx, today) => {
      const days = await tx.query<{ provinceId: string; reportsOn: string }[]>(UNTOLD_DAYS, [today]);
      const policies = await Promise.all(days.map(({ provinceId, reportsOn }) => new PolicyStore().inForce(tx, provinceId, reportsOn)));
      return [
        days.map(({ provinceId }) => provinceId),
        days.map(({ reportsOn }) => reportsOn),
        policies.map(({ registerWorkingDays }) => registerWorkingDays),
      ];
    },
  );

/** Under the school's lock, which its stream wants: what another process has told meanwhile is not told again. */
async function tell(tx: Transaction, deps: SilenceDeps, list: Due): Promise<void> {
  const { id, schoolId, authorityId } = list;
  await tx.query('select 1 from organisation where id = $1 for no key update', [schoolId]);
  const [due] = await tx.query<[unknown[], number]>(
    'update admission_list set missing_told_at = $2 where id = $1 and missing_told_at is null and withdrawn_at is null returning id',
    [id, new Date(deps.clock.now())],
  );
  if (due.length === 0) return;
  const counts = await admittedByMajor(tx, [list]);
  const missing = counts.reduce((sum, { admitted, reported }) => sum + admitted - reported, 0);
  if (missing === 0) return;
  const body = { listId: id, schoolId, authorityId, missing };
  await appendNext(tx, deps, 'organisation', schoolId, { kind: 'admittedMissing', key: `admittedMissing:${id}`, body });
}
