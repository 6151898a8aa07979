import JSZip from 'jszip';
import type { JobKind, RunningJob } from '../../src/jobs/job-kind.js';
import { Jobs } from '../../src/jobs/jobs.service.js';
import { runJobs } from '../../src/jobs/running-jobs.js';
import { logOf } from '../../src/platform/log.js';
import { FieldCipher } from '../../src/platform/database/field-cipher.js';
import { inScope } from '../../src/platform/database/in-scope.js';
import { Cursors } from '../../src/platform/http/cursor.js';
import { Problem } from '../../src/platform/http/problem.js';
import { as, refused, type ApiClient } from '../fixtures/client.js';
import { Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner } from '../fixtures/owner.js';
import { startSystem, type System } from '../fixtures/system.js';

type Counting = RunningJob<{ pages: number }, number>;

/** Counts to `pages`: of each page it keeps a row of its own and a part of the file, so that a page lost or done twice shows. */
function counting(name: string, more: Partial<JobKind<{ pages: number }, number>> = {}): JobKind {
  return {
    name,
    file: { name: 'pages.txt', type: 'text/plain' },
    page: async (tx, { id, params: { pages }, cursor }) => {
      const page = (cursor ?? 0) + 1;
      await tx.query('insert into counted (job, page) values ($1, $2)', [id, page]);
      const parts = [{ name: `${page}.txt`, content: Buffer.from(`page ${page}\n`) }];
      return page < pages ? { next: page, progress: page / pages, parts } : { parts, result: { pages } };
    },
    ...more,
  } satisfies JobKind<{ pages: number }, number> as JobKind;
}

describe('jobs 后台作业', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let clerk: ApiClient;
  let jobs: Jobs;
  let deps: Omit<Parameters<typeof runJobs>[0], 'kinds'>;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    demo = await Demonstration.of(system);
    [school] = withinACounty(demo);
    clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    const cipher = new FieldCipher(system.config.fieldKey, system.config.indexKey);
    jobs = new Jobs(system.db, system.time, cipher, new Cursors(system.config));
    deps = { db: system.db, clock: system.time, cipher, log: logOf('test', 'fatal') };
    await asOwner(system, 'create table counted (job uuid, page int); grant insert, select on counted to xueji_app');
  });
  afterAll(() => system?.stop());

  /** Starts one as its slice would. */
  async function started(kind: string, pages: number): Promise<string> {
    const [{ id: personId }] = await asOwner<[{ id: string }]>(system, 'select id from person where username = $1', [
      demo.holder(school.id, 'schoolClerk'),
    ]);
    const actor = { personId, offices: [{ office: 'schoolClerk', organisationId: school.id }] } as const;
    const { id } = await inScope(system.db, actor, (tx) => jobs.start(tx, actor, { kind, organisationId: school.id, params: { pages } }));
    return id;
  }

  async function done(...kinds: JobKind[]): Promise<void> {
    while (await runJobs({ ...deps, kinds }));
  }

  const pagesOf = async (job: string) =>
    (await asOwner<{ page: number }[]>(system, 'select page from counted where job = $1 order by page', [job])).map(({ page }) => page);
  const upTo = (n: number) => Array.from({ length: n }, (_, nth) => nth + 1);

  it('run page by page to their end, and say how far they are', async () => {
    const id = await started('counting', 30);
    const kinds = [counting('counting')];
    await runJobs({ ...deps, kinds });
    const { body } = await clerk.get(`/jobs/${id}`);
    expect(body).toMatchObject({ state: 'running', progress: expect.closeTo(20 / 30, 5) as number, result: null, file: null, faults: [] });
    expect(await clerk.get(`/jobs/${id}/file`)).toMatchObject(refused(409, 'job-without-file'));
    await done(...kinds);
    expect((await clerk.get(`/jobs/${id}`)).body).toMatchObject({ state: 'done', progress: 1, result: { pages: 30 } });
    expect((await clerk.get<string>(`/jobs/${id}/file`)).body).toBe(
      upTo(30)
        .map((n) => `page ${n}\n`)
        .join(''),
    );
  });

  it('lose and double nothing when a page dies before it commits', async () => {
    const id = await started('dying', 6);
    let deaths = 0;
    const whole = counting('dying');
    const dying: JobKind = {
      ...whole,
      page: async (tx, job, prepared) => {
        const page = await whole.page(tx, job, prepared);
        if ((job as Counting).cursor === 3 && deaths++ < 2) throw new Error('the process died');
        return page;
      },
    };
    while (((await clerk.get(`/jobs/${id}`)).body as { state: string }).state === 'running') {
      await done(dying);
      await system.time.pass(5 * 60_000);
    }
    expect(deaths).toBe(3);
    expect(await pagesOf(id)).toEqual(upTo(6));
    expect((await clerk.get<string>(`/jobs/${id}/file`)).body).toBe(
      upTo(6)
        .map((n) => `page ${n}\n`)
        .join(''),
    );
  });

  it('belong to one worker at a time: the page of one whose lease has ended writes nothing', async () => {
    const id = await started('slow', 3);
    const other = counting('slow');
    let taken = false;
    const slow = counting('slow', {
      prepare: async () => {
        if (taken) return;
        taken = true;
        await system.time.pass(3 * 60_000);
        await done(other);
      },
    });
    await done(slow);
    expect(taken).toBe(true);
    expect(await pagesOf(id)).toEqual(upTo(3));
    expect((await clerk.get(`/jobs/${id}`)).body).toMatchObject({ state: 'done' });
  });

  it('end with the code of a refusal, or as failed after ten failures in a row', async () => {
    const refusing = counting('refusing', { page: () => Promise.reject(new Problem('not-your-office')) });
    const broken = counting('broken', { page: () => Promise.reject(new Error('always')) });
    const [one, two] = [await started('refusing', 1), await started('broken', 1)];
    for (let round = 0; round < 11; round += 1) {
      await done(refusing, broken);
      await system.time.pass(5 * 60_000);
    }
    const ended = { state: 'failed', result: null, file: null };
    expect((await clerk.get(`/jobs/${one}`)).body).toMatchObject({ ...ended, faults: [{ pointer: '', code: 'not-your-office' }] });
    expect((await clerk.get(`/jobs/${two}`)).body).toMatchObject({ ...ended, faults: [{ pointer: '', code: 'internal' }] });
  });

  it('have their turns: a long one does not hold up a short one', async () => {
    const [long, short] = [await started('counting', 60), await started('counting', 2)];
    const kinds = [counting('counting')];
    await runJobs({ ...deps, kinds });
    await runJobs({ ...deps, kinds });
    expect((await clerk.get(`/jobs/${short}`)).body).toMatchObject({ state: 'done' });
    expect((await clerk.get(`/jobs/${long}`)).body).toMatchObject({ state: 'running' });
    await done(...kinds);
  });

  it('make an archive of what has names', async () => {
    const id = await started('archive', 3);
    await done(counting('archive', { file: { name: 'pages.zip', type: 'application/zip' } }));
    const response = await fetch(`${system.url}/api/v1/jobs/${id}/file`, { headers: { Authorization: `Bearer ${clerk.token}` } });
    const zip = await JSZip.loadAsync(await response.arrayBuffer());
    expect(Object.keys(zip.files)).toEqual(['1.txt', '2.txt', '3.txt']);
    expect(await zip.file('2.txt')?.async('string')).toBe('page 2\n');
  });

  it('are shown to who started them, and their file is kept encrypted', async () => {
    const id = await started('counting', 1);
    await done(counting('counting'));
    const reviewer = await as(system, demo.holder(school.id, 'schoolReviewer'));
    expect(await reviewer.get(`/jobs/${id}`)).toMatchObject(refused(404, 'not-found'));
    expect(await reviewer.get(`/jobs/${id}/file`)).toMatchObject(refused(404, 'not-found'));
    expect((await reviewer.get('/jobs')).body).toEqual({ items: [], nextCursor: null });
    const { body } = await clerk.get<{ items: { id: string }[] }>('/jobs?limit=1');
    expect(body.items.map((one) => one.id)).toEqual([id]);
    const [{ cipher }] = await asOwner<[{ cipher: Buffer }]>(system, 'select cipher from job_part where job_id = $1', [id]);
    expect(cipher.includes('page 1')).toBe(false);
  });
});
