import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { verify } from '@node-rs/argon2';
import { ENTITIES } from '../../src/app/entities.js';
import type { DataSource } from 'typeorm';
import { applicationOptions, connected } from '../../src/platform/database/data-source.js';
import { FieldCipher } from '../../src/platform/database/field-cipher.js';
import { inScope } from '../../src/platform/database/in-scope.js';
import { migrate } from '../../src/programs/migrate.js';
import { demoDirectory } from '../../src/demo/demo-directory.js';
import { seedDemonstration } from '../../src/programs/seed.js';
import { demoStudents } from '../../src/demo/students.js';
import { seedAtWork } from '../../src/programs/demonstration/seed-at-work.js';
import { demoStories } from '../../src/programs/demonstration/stories.js';
import { seedFoundations } from '../../src/programs/foundations.js';
import { verifyLedger } from '../../src/programs/verify.js';
import { freshDatabase, type TestDatabase } from '../engines/databases.js';

const TABLES = [
  'organisation',
  'head',
  'person',
  'office',
  'student',
  'population_register',
  'enrolment',
  'intake',
  'registration',
  'duplicate',
  'calendar',
  'calendar_version',
  'working_day',
  'policy',
  'policy_pack',
  'school_term',
  'term_registration',
  'act',
];
const cipher = new FieldCipher(Buffer.alloc(32, 1), Buffer.alloc(32, 2));
const clock = { now: () => Date.parse('2026-11-23T02:00:00Z') };

describe('the demonstration in PostgreSQL', () => {
  let database: TestDatabase;
  let db: DataSource;
  /** Graduations of a class that has not left yet. */
  const hasDrawnUp = () => clock.now() < Date.parse('2027-06-30T00:00+08:00');
  const query = <T>(sql: string, values?: unknown[]): Promise<T[]> =>
    inScope(db, 'system', async (tx) => (await tx.query(sql, values)) as T[]);
  /** Rows and content of every seeded table. */
  const contents = () =>
    Promise.all(
      TABLES.map((table) =>
        query(`select '${table}' as name, count(*)::int as rows, md5(string_agg(t::text, '|' order by t::text)) from ${table} t`),
      ),
    );

  beforeAll(async () => {
    database = await freshDatabase('template0');
    await migrate(database.url);
    db = await connected(applicationOptions(database.url, 4, 'demo-spec', ENTITIES));
  });
  afterAll(async () => {
    await db?.destroy();
    await database?.drop();
  });

  it('is written once, and a second time changes nothing, also when both run at the same time', async () => {
    const both = await Promise.all([seedDemonstration(db, cipher, clock), seedDemonstration(db, cipher, clock)]);
    expect(both.filter(({ seeded }) => seeded)).toHaveLength(1);
    const before = await contents();
    expect(await seedDemonstration(db, cipher, clock)).toEqual({ seeded: false });
    await seedFoundations(db);
    expect(await contents()).toEqual(before);
    const rows = Object.fromEntries(before.map(([found]) => Object.values(found as object).slice(0, 2) as [string, number]));
    expect(rows).toMatchObject({
      organisation: 32,
      head: 32,
      person: 115,
      office: 115,
      student: 2003,
      population_register: 2010,
      enrolment: 2003,
      registration: 3,
      duplicate: 2,
      calendar: 1,
      calendar_version: 13,
      policy: 3,
      policy_pack: 2,
      school_term: 16 * 7,
      act: 50 + 2 + 115 + 2003 + 80 + 3 + (hasDrawnUp() ? 2 : 0),
    });
  });

  it('has everybody of the earlier terms registered in time, so that no nation is overdue for what is past', async () => {
    const [row] = await query<{ registered: number; late: number; missing: number }>(
      `select (select count(*)::int from term_registration where (year, nth) = (2025, 2)) as registered,
         (select count(*)::int from term_registration where (year, nth) < (2026, 1) and late) as late,
         (select count(*)::int from enrolment e join school_term t on t.school_id = e.school_id and (t.year, t.nth) = (2025, 2)
          where e.state = 'active' and e.enrolled_on <= '2025-09-01' and not exists (
            select 1 from term_registration r where r.student_id = e.student_id and (r.year, r.nth) = (2025, 2))) as missing`,
    );
    expect(row).toMatchObject({ late: 0, missing: 0 });
    expect(row?.registered).toBeGreaterThan(500);
  });

  it('keeps an amended year of the calendar as it is', async () => {
    await query(`update calendar_version set notice = '改 amended' where year = 2026`);
    const before = await contents();
    await seedFoundations(db);
    expect(await query(`select notice from calendar_version where year = 2026`)).toEqual([{ notice: '改 amended' }]);
    expect(await contents()).toEqual(before);
  });

  it('lets everybody sign in with the one password, hashed once with argon2id', async () => {
    const hashes = await query<{ hash: string }>('select distinct password_hash as hash from person');
    expect(hashes).toHaveLength(1);
    expect(hashes[0]!.hash).toMatch(/^\$argon2id\$/);
    expect(await verify(hashes[0]!.hash, 'xueji-demo')).toBe(true);
  });

  it('seals personal fields for their place and finds them by their blind index', async () => {
    const student = demoStudents()[5]!;
    const [row] = await query<Record<string, Buffer>>('select * from student where number_index = $1', [
      cipher.index('studentNumber', student.number),
    ]);
    expect(row!.id).toBe(student.id);
    expect(cipher.decrypt(row!.number_cipher!, `student.number:${student.id}`)).toBe(student.number);
    expect(cipher.decrypt(row!.document_cipher!, `student.document:${student.id}`)).toBe(student.document.number);
    expect(cipher.decrypt(row!.name_cipher!, `student.name:${student.id}`)).toBe(student.name);
    expect(cipher.decrypt(row!.birth_date_cipher!, `student.birthDate:${student.id}`)).toBe(student.birthDate);
    expect(row!.document_index).toEqual(cipher.index('document', `${student.document.type}:${student.document.number}`));
    expect(row!.name_index).toEqual(cipher.index('name', student.name));
  });

  it('begins with acts that answer for every organisation, person, office, student and enrolment', async () => {
    expect((await verifyLedger(db, cipher, { anchorFile: '/nowhere', dataDir: '/nowhere' }, clock.now() + 60_000)).problems).toEqual([]);
    expect(
      await query(
        `select stream, count(*)::int as n from act where seq = 1 and stream not in ('term', 'graduation') group by 1 order by 1`,
      ),
    ).toEqual(
      await query(`select 'access' as stream, count(*)::int as n from person
        union all select 'organisation', count(*)::int from organisation
        union all select 'intake', count(*)::int from intake
        union all select 'policy', count(*)::int from policy_pack union all select 'student', count(*)::int from student order by 1`),
    );
  });

  it('has a graduating class drawn up, with nothing in the way of those who enlist and leave first', async () => {
    const [early] = await query<{ outcome: string; n: number }>(
      `select m.outcome, count(*)::int as n from graduation_member m where m.early = 'enlistment' group by 1`,
    );
    const drawnUp = await query<{ n: number }>('select count(*)::int as n from graduation where request_id is null and last_seq = 1');
    expect([early, drawnUp]).toEqual(hasDrawnUp() ? [{ outcome: 'graduated', n: 2 }, [{ n: 2 }]] : [undefined, [{ n: 0 }]]);
  });

  it('lists the accounts of a transfer across provinces first, then everybody, and each student once', async () => {
    const { accounts, students } = await inScope(db, 'system', demoDirectory);
    const across = ['clerk.3301-01', 'reviewer.3301-01', 'reviewer.5101-01', 'reviewer.330110', 'reviewer.510104'];
    expect(accounts.slice(0, 5).map(({ username }) => username)).toEqual(across);
    expect(accounts).toHaveLength(115);
    expect(accounts[0]).toMatchObject({
      password: 'xueji-demo',
      office: 'schoolClerk',
      organisation: { code: '3301-01', level: 'school' },
    });
    expect(new Set(students.map(({ id }) => id)).size).toBe(2000);
    expect(students[0]).toMatchObject({ schoolId: accounts[0]!.organisation.id, state: 'active' });
  });

  describe('put to work', () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'xueji-at-work-'));
    const inState = (condition: string) =>
      query<{ n: number }>(`select count(*)::int as n from change_request r where ${condition}`).then(([row]) => row?.n ?? 0);
    const withTask = (condition: string) =>
      inState(`state = 'open' and exists (select 1 from task t where t.request_id = r.id and t.state = 'open' and ${condition})`);
    const TODAY = `'2026-11-23'::date`;

    beforeAll(() => inScope(db, 'system', (tx) => seedAtWork(tx, { clock, cipher, dataDir, publicUrl: 'https://xueji.example' })));
    afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

    it('has told every one of some forty cases, numbered in the order in which they were filed', async () => {
      const cases = await query<{ kind: string; filedAt: Date }>(
        `select kind, filed_at as "filedAt" from change_request where filer_id is not null and kind <> 'intake' order by number`,
      );
      expect(cases).toHaveLength(demoStories(demoStudents()).length);
      expect(cases.length).toBeGreaterThanOrEqual(40);
      expect(cases.map(({ filedAt }) => filedAt.getTime())).toEqual(
        cases.map(({ filedAt }) => filedAt.getTime()).toSorted((a, b) => a - b),
      );
    });

    it('has a case in every state that a visitor may want to see', async () => {
      for (const step of ['school', 'authority', 'sourceSchool', 'destinationSchool', 'sourceAuthority'])
        expect([step, await withTask(`t.step = '${step}'`)]).toEqual([step, expect.any(Number)]);
      const seen = {
        dueSoon: await withTask(`t.due_date between ${TODAY} and ${TODAY} + 2`),
        overdue: await withTask(`t.due_date < ${TODAY}`),
        escalated: await withTask('cardinality(t.escalated_to) > 0'),
        toTheTop: await withTask('cardinality(t.escalated_to) > 2'),
        returned: await inState(`hold ->> 'kind' = 'awaitingSupplement'`),
        parked: await inState(`hold ->> 'kind' = 'effectParked'`),
        paused: await inState(`hold ->> 'kind' = 'paused' and hold ->> 'cause' = 'investigation'`),
        heldByDeath: await inState(`hold ->> 'kind' = 'paused' and hold ->> 'cause' = 'death'`),
        awaitingItsDay: await inState(`hold ->> 'kind' = 'awaitingEffect'`),
        objected: await inState('objected'),
        unmovedForMonths: await inState(`state = 'open' and filed_at < ${TODAY} - 100`),
        approved: await inState(`state = 'approved'`),
        rejected: await inState(`state = 'rejected'`),
        recalled: await inState(`state = 'recalled'`),
        cancelled: await inState(`state = 'cancelled'`),
      };
      expect(Object.entries(seen).filter(([, n]) => n === 0)).toEqual([]);
    });

    it('has urges, opinions asked for and given, orders open and answered, and an irregularity', async () => {
      const [row] = await query(
        `select (select count(*)::int from urge) as urges, (select count(*)::int from consultation where answered_at is null) as asked,
           (select count(*)::int from consultation where answered_at is not null) as given,
           (select count(*)::int from irregularity) as irregular,
           (select count(*)::int from supervision_order where state = 'open') as ordered,
           (select count(*)::int from supervision_order where state = 'replied') as replied`,
      );
      expect(row).toEqual({ urges: 1, asked: 1, given: 1, irregular: 1, ordered: 2, replied: 1 });
    });

    it('has an intake at its authority, with two rows that the school returned and one that is held', async () => {
      const [intake] = await query<{ id: string; step: string; rows: object[] }>(
        `select r.id, t.step, (select a.body -> 'data' -> 'rows' from act a where a.stream_id = r.id and a.kind = 'decided') as rows
         from change_request r join task t on t.request_id = r.id and t.state = 'open' where r.kind = 'intake'`,
      );
      expect(intake).toMatchObject({ step: 'authority', rows: [{ verdict: 'return' }, { verdict: 'return' }] });
      expect(
        await query(
          `select e.state, count(*)::int as n from registration g join enrolment e on e.id = g.enrolment_id
           where g.intake_id in (select intake_id from registration where request_id = $1) group by 1 order by 1`,
          [intake?.id],
        ),
      ).toEqual([
        { state: 'heldDuplicate', n: 1 },
        { state: 'pending', n: 23 },
      ]);
    });

    it('has given those who left last summer a photograph, and every other a certificate', async () => {
      const [row] = await query<Record<string, number>>(
        `select (select count(*)::int from student_fact where fact = 'photograph') as pictures, count(*)::int as certificates,
           count(*) filter (where photograph_id is not null)::int as pictured from certificate where state = 'issued'`,
      );
      expect(row).toEqual({ pictures: 32, certificates: 16, pictured: 16 });
    });

    it('leaves the first students of a school to the visitor, and the audit finds nothing', async () => {
      const first = demoStudents()
        .slice(0, 40)
        .map(({ id }) => id);
      expect(await query('select 1 from change_request where student_id = any($1)', [first])).toEqual([]);
      const report = await verifyLedger(db, cipher, { anchorFile: '/nowhere', dataDir }, clock.now() + 60_000);
      expect(report.problems).toEqual([]);
    });
  });
});
