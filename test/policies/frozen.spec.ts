import { inScope } from '../../src/platform/database/in-scope.js';
import { NATIONAL_DEFAULT, NATIONAL_DEFAULTS, type Policy } from '../../src/domain/policy/policy.js';
import { addDays } from '../../src/domain/working-days.js';
import { seedPolicy } from '../../src/organisations/seed-policy.js';
import { PolicyStore } from '../../src/policies/policies.store.js';
import { Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner } from '../fixtures/owner.js';
import { ProvinceOffice } from '../fixtures/packs.js';
import { startSystem, type System } from '../fixtures/system.js';

type Name = Pick<Policy, 'id' | 'version'>;

describe('the policy that a case was filed under', () => {
  let system: System;
  let demo: Demonstration;
  let office: ProvinceOffice;
  const store = new PolicyStore();
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    demo = await Demonstration.of(system);
    office = await ProvinceOffice.over(system, demo, demo.schools()[0] as DemoOrganisation);
  });
  afterAll(() => system?.stop());

  const frozen = (name: Name) => inScope(system.db, 'process', (tx) => store.frozen(tx, name));
  const inForce = (province: string | undefined, on: string) => inScope(system.db, 'process', (tx) => store.inForce(tx, province, on));
  const named = (path: string): Name => {
    const [, , id = '', , version] = path.split('/');
    return { id, version: Number(version) };
  };

  /** As a release would be that edits a default instead of adding one. */
  async function withChangedDefault(test: () => Promise<void>): Promise<void> {
    const limits = NATIONAL_DEFAULT.limits as { suspensions: number; termDays: number };
    const { suspensions, termDays } = limits;
    Object.assign(limits, { suspensions: 1, termDays: 1 });
    await test().finally(() => Object.assign(limits, { suspensions, termDays }));
  }

  it('is the same after a release with another national default, of a province and of the nation', async () => {
    const name = named(await office.activated({ limits: { suspensions: 5 } }));
    const national = { id: 'national', version: 1 };
    const before = [await frozen(name), await frozen(national)];
    expect(before.map(({ limits }) => [limits.suspensions, limits.termDays])).toEqual([
      [5, 140],
      [2, 140],
    ]);
    await withChangedDefault(async () => {
      expect([await frozen(name), await frozen(national)]).toEqual(before);
      expect(await inForce(office.province, system.time.today())).toEqual(before[0]);
      const { body } = await office.drafter.get(`/policies/${name.id}/versions/${name.version}`);
      expect(body).toMatchObject({ content: { limits: { suspensions: 5 } }, whole: { limits: { suspensions: 5, termDays: 140 } } });
    });
  });

  it('is stored whole in every version that is in force, and the act of the activation says the whole and what it inherits', async () => {
    const rows = await asOwner<{ whole: object | null }[]>(
      system,
      `select whole from policy where state = 'activated' and organisation_id is not null`,
    );
    expect(rows.length).toBeGreaterThan(1);
    for (const { whole } of rows) expect(Object.keys(whole ?? {}).sort()).toEqual(keysOf(NATIONAL_DEFAULT));
    const acts = await asOwner<{ body: object }[]>(system, `select body from act where stream = 'policy' and kind = 'activated'`);
    for (const { body } of acts)
      expect(body).toMatchObject({
        inherits: { id: expect.any(String), version: 1 },
        whole: { kinds: expect.anything(), limits: expect.anything() },
      });
  });

  it('is never another one: a version that is not there is a failure', async () => {
    await expect(frozen({ id: 'national', version: 99 })).rejects.toThrow('policy national version 99');
    await expect(inForce(undefined, '2001-01-01')).rejects.toThrow('no policy is in force');
  });

  it('has had a key that came later as it was before anybody could set it', async () => {
    const name = named(await office.activated({ remindBefore: [4] }, addDays(system.time.today(), 2)));
    await asOwner(system, `update policy set whole = whole - 'stale' #- '{limits,termDays}' where id = $1 and version = $2`, [
      name.id,
      name.version,
    ]);
    expect(await frozen(name)).toMatchObject({ remindBefore: [4], stale: { afterMonths: 6 }, limits: { termDays: 140, suspensions: 5 } });
  });

  it('stays the first national default when a second one comes into force from a day on', async () => {
    const day = addDays(system.time.today(), 3);
    const second = { ...NATIONAL_DEFAULT, version: 2, limits: { ...NATIONAL_DEFAULT.limits, suspensions: 4 } };
    const history = [...NATIONAL_DEFAULTS, { policy: second, effectiveFrom: day }];
    for (let twice = 0; twice < 2; twice += 1) await inScope(system.db, 'system', (tx) => seedPolicy(tx, history));
    const on = async (date: string) => {
      const { version, limits } = await inForce(undefined, date);
      return [version, limits.suspensions];
    };
    expect([await on(addDays(day, -1)), await on(day)]).toEqual([
      [1, 2],
      [2, 4],
    ]);
    expect((await frozen({ id: 'national', version: 1 })).limits.suspensions).toBe(2);
  });
});

const keysOf = ({ id: _id, version: _version, ...content }: Policy): string[] => Object.keys(content).sort();
