import { applyNextRows } from '../../src/imports/applying.js';
import { inScope } from '../../src/platform/database/in-scope.js';
import { appointed } from '../fixtures/appointed.js';
import { audited, cipherOf } from '../fixtures/audit.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { acrossProvinces, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { aStudent, handIn, type Imported } from '../fixtures/imports.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { startSystem, type System } from '../fixtures/system.js';

const MANY = 250;

describe('an import whose worker dies between and within its pages', () => {
  let system: System;
  let here: DemoOrganisation;
  let first: ApiClient;
  let second: ApiClient;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    await staySignedIn(system);
    const demo = await Demonstration.of(system);
    [here] = acrossProvinces(demo);
    const authority = here.parentId ?? '';
    const colleague = demo.holder(authority, 'authoritySupervisor');
    await appointed(system, demo, authority, { username: colleague, office: 'authorityReviewer' });
    [first, second] = [await as(system, demo.holder(authority, 'authorityReviewer')), await as(system, colleague)];
  });
  afterAll(() => system?.stop());

  const page = (id: string, dies = false) =>
    inScope(system.db, 'process', async (tx) => {
      const more = await applyNextRows(tx, { clock: system.time, cipher: cipherOf(system.config) }, id);
      if (dies) throw new Error('the process is gone');
      return more;
    });

  it('goes on where it stood, with pages made at the same time: no row is lost, and none is applied twice', async () => {
    const rows = Array.from({ length: MANY }, () => aStudent(here));
    const ids: string[] = [];
    for (const list of [rows, rows.toReversed()]) ids.push((await handIn(first, 'students', list)).body.import?.id ?? '');
    for (const id of ids)
      expect((await second.post(`/imports/${id}/decision`, { verdict: 'approve', opinion: '已核对' })).status).toBe(200);
    const [one = '', same = ''] = ids;
    await page(one);
    await expect(page(one, true)).rejects.toThrow('gone');
    const stood = (await first.get<Imported>(`/imports/${one}`)).body;
    expect(stood).toMatchObject({ state: 'applying', counts: { applied: 100, waiting: MANY - 100 }, progress: 100 / MANY });
    await Promise.all([page(one), page(same), page(one), system.doJobs()]);
    await system.doJobs();
    const [a, b] = [(await first.get<Imported>(`/imports/${one}`)).body, (await first.get<Imported>(`/imports/${same}`)).body];
    expect([a.state, b.state]).toEqual(['done', 'done']);
    expect((a.counts.applied ?? 0) + (b.counts.applied ?? 0)).toBe(MANY);
    expect((a.counts.known ?? 0) + (b.counts.known ?? 0)).toBe(MANY);
    const [told] = await asOwner<{ n: number; students: number }[]>(
      system,
      `select count(*)::int as n, count(distinct stream_id)::int as students from act where kind = 'enrolmentImported'`,
    );
    expect(told).toEqual({ n: MANY, students: MANY });
    expect(await asOwner(system, 'select 1 from import_row where says_cipher is not null')).toEqual([]);
    expect((await audited(system)).problems).toEqual([]);
  }, 120_000);
});
