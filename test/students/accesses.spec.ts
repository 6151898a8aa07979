import { inScope } from '../../src/platform/database/in-scope.js';
import { removeOutdated } from '../../src/app/retention.js';
import { audited } from '../fixtures/audit.js';
import { as, refused, type ApiClient } from '../fixtures/client.js';
import { acrossProvinces, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner } from '../fixtures/owner.js';
import { unmasked } from '../fixtures/unmasked.js';
import { startSystem, type System } from '../fixtures/system.js';
import { UNTIL } from '../fixtures/dates.js';

interface Read {
  at: string;
  what: string;
  person: { id: string; displayName: string };
  offices: { office: string; organisation: { id: string } }[];
  evidenceId: string | null;
}

describe('the record of who has read of a student', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let elsewhere: DemoOrganisation;
  let clerk: ApiClient;
  let supervisor: ApiClient;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    demo = await Demonstration.of(system);
    [school, elsewhere] = acrossProvinces(demo);
    clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    supervisor = await as(system, demo.holder(school.parentId ?? '', 'authoritySupervisor'));
  });
  afterAll(() => system?.stop());

  const readsOf = async (id: string, by = supervisor, query = '') =>
    (await by.get<{ items: Read[]; nextCursor: string | null }>(`/students/${id}/access${query}`)).body;
  const whatOf = async (id: string) => (await readsOf(id)).items.map(({ what }) => what);
  const filed = async (studentId: string, evidenceId: string) => {
    const details = { ground: 'illness', until: UNTIL };
    const body = { kind: 'suspension', studentId, reason: '因病', details, evidenceIds: [evidenceId] };
    expect((await clerk.post('/change-requests', body)).status).toBe(201);
  };

  it('names the person, the offices held, the instant and what was read, the latest first', async () => {
    const id = demo.student(school.id);
    const { body: me } = await clerk.get<{ id: string; displayName: string }>('/me');
    await clerk.get(`/students/${id}`);
    await clerk.get(`/students/${id}/dossier`);
    const { studentNumber } = await unmasked(clerk, id);
    await clerk.post('/students/lookup', { studentNumber });
    const { items } = await readsOf(id);
    expect(items.map(({ what }) => what)).toEqual(['lookup', 'unmasking', 'dossier', 'student']);
    for (const one of items)
      expect(one).toMatchObject({
        person: { id: me.id, displayName: me.displayName },
        offices: [{ office: 'schoolClerk', organisation: { id: school.id } }],
        evidenceId: null,
        at: expect.stringMatching(/\+08:00$/),
      });
  });

  it('holds each download of a file for every student whose request names it, also one that was read before', async () => {
    const [one, other] = [demo.student(school.id), demo.student(school.id)];
    const evidence = await clerk.evidence();
    expect((await clerk.get(`/evidence/${evidence}`)).status).toBe(200);
    expect(await whatOf(one)).toEqual([]);
    await filed(one, evidence);
    await filed(other, evidence);
    expect((await clerk.get(`/evidence/${evidence}`)).status).toBe(200);
    for (const id of [one, other]) expect((await readsOf(id)).items).toMatchObject([{ what: 'evidence', evidenceId: evidence }]);
    const alone = await asOwner(system, 'select student_id from dossier_access where evidence_id = $1 order by id limit 1', [evidence]);
    expect(alone).toEqual([{ student_id: null }]);
  });

  it('holds nothing of a read that was refused', async () => {
    const id = demo.student(school.id);
    const stranger = await as(system, demo.holder(elsewhere.id, 'schoolClerk'));
    for (const path of [`/students/${id}`, `/students/${id}/dossier`])
      expect(await stranger.get(path)).toMatchObject(refused(404, 'not-found'));
    expect(await whatOf(id)).toEqual([]);
  });

  it('is shown to supervisors and administrators of the school and the authorities above, and to no former school', async () => {
    const id = demo.student(school.id);
    await clerk.get(`/students/${id}`);
    const at = (organisation: string | undefined, office: string) => as(system, demo.holder(organisation ?? '', office));
    for (const by of [supervisor, await at(demo.at(school, 'province'), 'authoritySupervisor')])
      expect((await readsOf(id, by)).items).toHaveLength(1);
    const reviewer = await at(school.parentId ?? undefined, 'authorityReviewer');
    for (const by of [clerk, reviewer]) expect(await by.get(`/students/${id}/access`)).toMatchObject(refused(403, 'not-your-office'));
    const strangers = await at(elsewhere.parentId ?? undefined, 'authoritySupervisor');
    expect(await strangers.get(`/students/${id}/access`)).toMatchObject(refused(404, 'not-found'));
    await asOwner(
      system,
      `with left_it as (update enrolment set state = 'transferredOut', valid_to = current_date where student_id = $1 returning *)
       insert into enrolment (id, student_id, school_id, state, grade, study_mode, length_years, enrolled_on, expected_leaving_on,
         valid_from, since, recorded_at, changed_at)
       select gen_random_uuid(), student_id, $2, 'active', grade, study_mode, length_years, current_date, expected_leaving_on, current_date,
         current_date, now(), now() from left_it`,
      [id, elsewhere.id],
    );
    expect(await supervisor.get(`/students/${id}/access`)).toMatchObject(refused(403, 'not-your-office'));
    expect((await readsOf(id, strangers)).items).toHaveLength(1);
  });

  it('comes page by page, each read once, whatever is read meanwhile', async () => {
    const id = demo.student(school.id);
    for (let n = 0; n < 5; n += 1) await clerk.get(`/students/${id}`);
    const seen: Read[] = [];
    for (let query = '?limit=2', pages = 0; pages < 5; pages += 1) {
      const { items, nextCursor } = await readsOf(id, supervisor, query);
      seen.push(...items);
      await clerk.get(`/students/${id}/dossier`);
      if (nextCursor === null) break;
      query = `?limit=2&cursor=${encodeURIComponent(nextCursor)}`;
    }
    expect(seen.map(({ what }) => what)).toEqual(['student', 'student', 'student', 'student', 'student']);
    const { nextCursor } = await readsOf(id, supervisor, '?limit=1');
    const other = demo.student(school.id);
    expect(await supervisor.get(`/students/${other}/access?cursor=${encodeURIComponent(nextCursor ?? '')}`)).toMatchObject(
      refused(422, 'invalid-input'),
    );
  });

  it('can be neither changed nor removed, and is kept for three years', async () => {
    const id = demo.student(school.id);
    await clerk.get(`/students/${id}`);
    for (const sql of ['update dossier_access set person_id = student_id', 'delete from dossier_access', 'truncate dossier_access'])
      await expect(inScope(system.db, 'system', (tx) => tx.query(sql))).rejects.toMatchObject({ code: '42501' });
    await expect(asOwner(system, 'update dossier_access set person_id = student_id')).rejects.toThrow('append-only');
    await asOwner(
      system,
      `insert into dossier_access (at, what, student_id, person_id, offices)
       select now() - years * interval '1 year', 'dossier', $1, reader.id, offices from (select gen_random_uuid() as id) reader,
         dossier_access a, unnest(array[3.2, 3.1, 2.9]) years where student_id = $1 order by years desc`,
      [id],
    );
    await inScope(system.db, 'system', (tx) => tx.query(`select forget_dossier_access('infinity', 1000)`));
    const stands = async (): Promise<unknown> => (await audited(system)).problems.filter((problem) => problem.startsWith('reads'));
    expect([await whatOf(id), await stands()]).toEqual([['student'], []]);
    await removeOutdated(system.db, system.time);
    expect([await whatOf(id), await stands()]).toEqual([['student'], []]);
    const kept = await asOwner<{ n: number }[]>(
      system,
      `select count(*)::int as n from dossier_access where at < now() - interval '2 years'`,
    );
    expect(kept).toEqual([{ n: 1 }]);
  });
});
