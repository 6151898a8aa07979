import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The nation's calendar, in which every working day is counted that no province counts otherwise. */
const NATION = `'0f4d2c1e-7a35-5b60-8c1d-3e9a5b7f2d10'::uuid`;

/** When a claim lapses is counted from its day whenever it is asked, so that an amended calendar moves it (A8). */
export class CountedClaims1700000000044 implements MigrationInterface {
  name = 'CountedClaims1700000000044';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table task add column claimed_on date, add column claim_working_days int;
      comment on column task.claimed_on is 'the day of the claim; it lapses at the end of the n-th working day after it';
      comment on column task.claim_lapses_at is 'of a claim that was written before claims were counted so';

      create function end_of_working_day(province uuid, day date, working_days int) returns timestamptz language sql stable as $$
        select (d.date + 1)::timestamp at time zone 'Asia/Shanghai'
        from working_day a join working_day d on d.calendar_id = a.calendar_id and d.worked and d.ordinal = a.ordinal + working_days
        where a.date = day and a.calendar_id = coalesce((select c.id from calendar c where c.organisation_id = province and c.version > 0),
          ${NATION})
      $$;
      comment on function end_of_working_day is
        'the midnight after the n-th working day after a day, by the calendar in force in a province';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop function end_of_working_day; alter table task drop column claimed_on, drop column claim_working_days');
  }
}
