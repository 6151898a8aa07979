import { Like, type DataSource } from 'typeorm';
import { ENTITIES } from '../../src/app/entities.js';
import { applicationOptions, connected } from '../../src/platform/database/data-source.js';
import { inScope, sqlState, violatedConstraint } from '../../src/platform/database/in-scope.js';
import type { Actor } from '../../src/domain/offices.js';
import { Student } from '../../src/dossier/student.entity.js';
import { Organisation } from '../../src/organisations/organisation.entity.js';
import { SchoolMajor } from '../../src/organisations/school-major.entity.js';
import { freshDatabase, type TestDatabase } from '../engines/databases.js';

describe('a transaction', () => {
  let database: TestDatabase;
  let db: DataSource;
  beforeAll(async () => {
    database = await freshDatabase();
    db = await connected(applicationOptions(database.url, 2, 'test', ENTITIES));
  });
  afterAll(async () => {
    await db?.destroy();
    await database?.drop();
  });

  it('fails for the reason of the statement that failed, also when only one that was sent after it is waited for', async () => {
    const failure = await inScope(db, 'system', async (tx) => {
      void tx.query('select 1 / 0');
      return tx.query('select 1');
    }).catch((error: unknown) => error);
    expect(sqlState(failure)).toBe('22012');
  });

  it('fails when a statement failed that nobody waited for: what is not written is not answered as written', async () => {
    const failure = await inScope(db, 'system', (tx) => {
      void tx.query('select 1 / 0');
      return Promise.resolve('written');
    }).catch((error: unknown) => error);
    expect(sqlState(failure)).toBe('22012');
  });

  it('is tried again after a deadlock that it heard of by a later statement', async () => {
    let attempts = 0;
    const answer = await inScope(db, 'system', (tx) => {
      attempts += 1;
      if (attempts < 3) void tx.query(`do $$ begin raise exception 'as a deadlock' using errcode = 'deadlock_detected'; end $$`);
      return tx.query('select 1 as one');
    });
    expect([attempts, answer]).toEqual([3, [{ one: 1 }]]);
  });

  it('and another that lock the same in opposite order both come to their end', async () => {
    let [attempts, waiting] = [0, 0];
    const bothHaveOne = async (): Promise<void> => {
      waiting += 1;
      while (waiting < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    const lock = 'select pg_advisory_xact_lock($1)';
    const both = (one: number, other: number) =>
      inScope(db, 'system', async (tx) => {
        attempts += 1;
        await tx.query(lock, [one]);
        await bothHaveOne();
        await tx.query(lock, [other]);
        return 'done';
      });
    expect(await Promise.all([both(11, 12), both(12, 11)])).toEqual(['done', 'done']);
    expect(attempts).toBe(3);
  });

  describe('has repositories', () => {
    const majors = async () => (await inScope(db, 'system', (tx) => tx.of(SchoolMajor).find())).length;
    const offer = { intake: '2026', studyMode: 'fullTime', lengthYears: '3', entry: 'juniorMiddle' } as const;
    const anySchool = async (): Promise<string> =>
      (await inScope(db, 'system', (tx) => tx.of(Organisation).findOneByOrFail({ level: 'school' }))).id;

    it('whose rows are written with it or not at all, also by `save`, which begins and commits by itself elsewhere', async () => {
      const [schoolId, before] = await Promise.all([anySchool(), majors()]);
      const written = inScope(db, 'system', async (tx) => {
        await tx.of(SchoolMajor).insert({ ...offer, schoolId, majorCode: 'planted' });
        await tx.of(SchoolMajor).save({ ...offer, schoolId, majorCode: 'planted too' });
        expect(await tx.of(SchoolMajor).countBy({ schoolId, majorCode: Like('planted%') })).toBe(2);
        throw new Error('undone');
      });
      await expect(written).rejects.toThrow('undone');
      expect(await majors()).toBe(before);
    });

    it('that see what its scope sees', async () => {
      const nobody = { personId: '00000000-0000-7000-8000-000000000000', offices: [] } as Actor;
      expect(await inScope(db, 'process', (tx) => tx.of(Student).count())).toBeGreaterThan(0);
      expect(await inScope(db, nobody, (tx) => tx.of(Student).count())).toBe(0);
    });

    it('that end with it: what is asked later never runs in the next one', async () => {
      const kept = await inScope(db, 'system', (tx) => Promise.resolve(tx.of(SchoolMajor)));
      await expect(kept.find()).rejects.toThrow();
    });

    it('that tell the reason of a failure as statements do', async () => {
      const schoolId = await anySchool();
      const twice = inScope(db, 'system', async (tx) => {
        await tx.of(SchoolMajor).insert({ ...offer, schoolId, majorCode: 'planted' });
        await tx.of(SchoolMajor).insert({ ...offer, schoolId, majorCode: 'planted' });
      });
      expect(violatedConstraint(await twice.catch((error: unknown) => error))).toBe('school_major_pkey');
    });
  });
});
