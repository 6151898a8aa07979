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
});
