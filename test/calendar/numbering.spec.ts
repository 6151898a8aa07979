import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import fc from 'fast-check';
import { CalendarStore } from '../../src/calendar/calendar.store.js';
import { NATIONAL_CALENDAR } from '../../src/calendar/national-calendar.js';
import { numberWorkingDays } from '../../src/calendar/numbering.js';
import { applicationOptions, connected } from '../../src/platform/database/data-source.js';
import { inScope, type Transaction } from '../../src/platform/database/in-scope.js';
import { deadlineOf } from '../../src/domain/case/agenda.js';
import { statutoryDays } from '../../src/domain/statutory-days.js';
import { addDays, calendarFor, isWorkingDay, type WorkingCalendars } from '../../src/domain/working-days.js';
import { freshDatabase, type TestDatabase } from '../engines/databases.js';

const FIRST = '2014-01-01';
/** To the middle of 2033: the numbers end three years after the last announced year, and a count may take more than one. */
const day = fc.integer({ min: 0, max: 7120 }).map((n) => addDays(FIRST, n));
const days = fc.uniqueArray(fc.record({ date: day, kind: fc.constantFrom('holiday', 'makeupWorkday') }), {
  selector: ({ date }) => date,
  maxLength: 400,
});
const asked = fc.array(fc.record({ from: day, n: fc.integer({ min: 1, max: 250 }) }), { minLength: 1, maxLength: 20 });

describe('working days numbered in PostgreSQL and counted in TypeScript', () => {
  let database: TestDatabase;
  let db: DataSource;
  let provinceId: string;
  beforeAll(async () => {
    database = await freshDatabase();
    db = await connected(applicationOptions(database.url, 2, 'numbering-spec'));
    [{ id: provinceId }] = (await inScope(db, 'system', (tx) =>
      tx.query(`select id from organisation where level = 'province' order by code`),
    )) as [{ id: string }];
  });
  afterAll(async () => {
    await db?.destroy();
    await database?.drop();
  });

  class Undone extends Error {}
  /** Tries something on calendars of its own and leaves no trace. */
  const tried = (work: (tx: Transaction) => Promise<void>) =>
    inScope(db, 'system', async (tx) => {
      await work(tx);
      throw new Undone();
    }).catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error;
    });

  /** The given days as the only ones in force, with 2027 to 2030 not announced: of the nation, and of a province beside it. */
  async function inForce(tx: Transaction, national: object[], provincial: object[]): Promise<WorkingCalendars> {
    const own = randomUUID();
    await tx.query('insert into calendar (id, organisation_id) values ($1, $2)', [own, provinceId]);
    await tx.query(
      `insert into calendar_version (id, calendar_id, year, version, based_on, state, valid_through, days)
       select gen_random_uuid(), c.id, year, 99, 98, 'approved', make_date(year, 12, 31),
         (select coalesce(jsonb_agg(d), '[]') from jsonb_array_elements(c.days) d where left(d ->> 'date', 4)::int = year)
       from (select generate_series(2014, 2026) union all select 2031) as announced (year)
         cross join (values ($1::uuid, $2::jsonb), ($3::uuid, $4::jsonb)) as c (id, days)`,
      [NATIONAL_CALENDAR, JSON.stringify(national), own, JSON.stringify(provincial)],
    );
    await numberWorkingDays(tx);
    return new CalendarStore().current(tx);
  }

  const bySql = (tx: Transaction, organisation: string | null, wanted: { from: string; n: number }[]) =>
    tx.query<{ date: string; provisional: boolean }[]>(
      `select to_char(d.date, 'YYYY-MM-DD') as date, d.date > c.published_through as provisional
       from rows from (jsonb_to_recordset($1) as ("from" date, n int)) with ordinality as asked ("from", n, nth)
         join calendar c on c.organisation_id is not distinct from $2
         join working_day a on a.calendar_id = c.id and a.date = asked.from
         join working_day d on d.calendar_id = c.id and d.worked and d.ordinal = a.ordinal + asked.n order by asked.nth`,
      [JSON.stringify(wanted), organisation],
    );

  it('agree on the n-th working day after any date, of any calendar of the nation and any overlay of a province', async () => {
    await fc.assert(
      fc.asyncProperty(days, days, asked, async (national, provincial, wanted) => {
        await tried(async (tx) => {
          const calendars = await inForce(tx, national, provincial);
          for (const [organisation, holder] of [[null, 'nobody'] as const, [provinceId, provinceId] as const]) {
            const calendar = calendarFor(calendars, { holder, ladder: [] });
            const counted = wanted.map(({ from, n }) => {
              const { dueDate: date, provisional } = deadlineOf(calendar, { arrivedOn: from, workingDays: n });
              return { date, provisional };
            });
            expect(await bySql(tx, organisation, wanted)).toEqual(counted);
          }
        });
      }),
      { numRuns: 15 },
    );
  });

  it('have the days of the standing decree off in every year, announced or not', async () => {
    await tried(async (tx) => {
      const calendars = await inForce(tx, [{ date: '2031-03-04', kind: 'holiday' }], [{ date: '2028-03-07', kind: 'holiday' }]);
      const rows = await tx.query<{ worked: number; named: number }[]>(
        `select (count(*) filter (where w.worked))::int as worked, count(distinct s.date)::int as named
         from working_day w join statutory_day s on s.date = w.date where w.date >= '2027-01-01'`,
      );
      expect(rows).toEqual([{ worked: 0, named: statutoryDays().filter(({ date }) => date > '2027' && date < '2035').length }]);
      for (const calendar of [calendars.national, ...calendars.ofProvince.values()])
        expect(statutoryDays().filter(({ date }) => isWorkingDay(calendar, date))).toEqual([]);
    });
  });

  it("let a province's day stand above the nation's, and the nation's above the weekday", async () => {
    await tried(async (tx) => {
      const { national, ofProvince } = await inForce(
        tx,
        [
          { date: '2026-07-01', kind: 'holiday' },
          { date: '2026-07-04', kind: 'makeupWorkday' },
        ],
        [
          { date: '2026-07-01', kind: 'makeupWorkday' },
          { date: '2026-07-02', kind: 'holiday' },
        ],
      );
      const worked = (calendar: typeof national) =>
        ['2026-07-01', '2026-07-02', '2026-07-04', '2026-07-05'].map((date) => isWorkingDay(calendar, date));
      expect(worked(national)).toEqual([false, true, true, false]);
      expect(worked(ofProvince.get(provinceId) as typeof national)).toEqual([true, false, true, false]);
    });
  });

  it('take a year as published only when no year before it is missing and its notice settles it whole', async () => {
    const through = async (versions: [year: number, validThrough: string][]) => {
      let published = '';
      await tried(async (tx) => {
        await tx.query(
          `insert into calendar_version (id, calendar_id, year, version, based_on, state, valid_through, days)
           select gen_random_uuid(), $1, year, 1, 0, 'approved', through, '[]' from jsonb_to_recordset($2) as v (year int, through date)`,
          [NATIONAL_CALENDAR, JSON.stringify(versions.map(([year, validThrough]) => ({ year, through: validThrough })))],
        );
        await numberWorkingDays(tx);
        published = (await new CalendarStore().current(tx)).national.publishedThrough;
      });
      return published;
    };
    expect(await through([])).toBe('2026-12-31');
    expect(await through([[2027, '2027-12-31']])).toBe('2027-12-31');
    expect(await through([[2028, '2028-12-31']])).toBe('2026-12-31');
    expect(await through([[2027, '2027-06-30'], [2028, '2028-12-31']])).toBe('2027-06-30'); // prettier-ignore
  });
});
