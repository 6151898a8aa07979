import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { audited } from '../fixtures/audit.js';
import { ApiClient, refused, signIn } from '../fixtures/client.js';
import { asOwner } from '../fixtures/owner.js';
import { startSystem, type System } from '../fixtures/system.js';

const REGISTER = {
  authorities: [
    { code: '000000', name: '教育部', level: 'national', division: '000000' },
    { code: '330000', name: '浙江省教育厅', level: 'province', division: '330000', superior: '000000' },
    { code: '330110', name: '余杭区教育局', level: 'county', division: '330110', superior: '330000' },
  ],
  schools: [
    {
      code: '3301-09',
      name: '余杭区试点职业高级中学',
      type: 'vocationalHigh',
      division: '330110',
      competentAuthority: '330110',
      majors: ['710201'],
      studyModes: ['fullTime'],
    },
  ],
  administrators: [
    { username: 'first.admin', displayName: '周启明', organisation: '000000' },
    { username: 'second.admin', displayName: '李慧珍', organisation: '000000' },
  ],
};
const OWN = '桂花今年开了两次 2026';

describe('an installation without the demonstration', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', empty: true });
  });
  afterAll(() => system?.stop());

  const establish = (register: unknown) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      const file = path.join(system.config.dataDir, 'register.json');
      writeFileSync(file, JSON.stringify(register));
      const program = fileURLToPath(new URL('../../src/programs/establish/run.js', import.meta.url));
      execFile(process.execPath, [program, file], { env: { PATH: process.env.PATH, ...system.env } }, (error, out, err) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
      );
    });
  const session = (username: string, password: string) => new ApiClient(system.url).send('POST', '/sessions', { username, password });
  const oneTimeOf = (out: string, username: string) => new RegExp(`${username}  (\\S+)`).exec(out)?.[1] ?? '';
  const settled = async (username: string, oneTime: string): Promise<ApiClient> => {
    const client = await signIn(system.url, username, oneTime);
    expect(await client.send('PUT', '/me/password', { currentPassword: oneTime, newPassword: OWN })).toMatchObject({ status: 204 });
    return client;
  };

  it('refuses a register with faults, names every one, and enters nothing of it', async () => {
    const { code, err } = await establish({
      ...REGISTER,
      schools: [...REGISTER.schools, { ...REGISTER.schools[0], code: '3301-10', competentAuthority: '999999' }],
      administrators: [{ username: 'x.y', displayName: '无', organisation: '1-1' }],
    });
    expect(code).toBe(65);
    expect(err).toContain('3301-10: its superior 999999 is not listed');
    expect(err).toContain('x.y: the organisation is not listed');
    expect((await establish({ ...REGISTER, authorities: [{ code: 7 }] })).err).toContain('/authorities/0/name');
    const alone = await establish({ ...REGISTER, administrators: REGISTER.administrators.slice(1) });
    expect(alone).toMatchObject({ code: 65, err: expect.stringContaining('the national authority needs two administrators') });
    expect(await asOwner(system, 'select code from organisation')).toEqual([]);
  });

  it('goes from a register of organisations to the office of somebody whom nobody knew, all of it on record', async () => {
    const first = await establish(REGISTER);
    expect(first).toMatchObject({ code: 0, err: '' });
    const oneTime = oneTimeOf(first.out, 'first.admin');
    const second = await settled('second.admin', oneTimeOf(first.out, 'second.admin'));
    const fresh = await signIn(system.url, 'first.admin', oneTime);
    expect(await fresh.get('/organisations')).toMatchObject(refused(403, 'password-change-required'));
    const nation = await settled('first.admin', oneTime);
    expect(await fresh.get('/me')).toMatchObject({ status: 401 });
    expect((await session('first.admin', oneTime)).status).toBe(401);

    const { body: directory } = await nation.get('/organisations');
    const idOf = (code: string): string => directory.items.find((one: { code: string }) => one.code === code).id;
    const appoint = async (by: ApiClient, code: string, username: string, office: string, confirms?: ApiClient): Promise<ApiClient> => {
      const entered = await by.post(`/organisations/${idOf(code)}/people`, { username, displayName: '沈怡' });
      expect(entered).toMatchObject({ status: 201, body: { username, disabledAt: null } });
      const granted = await by.post(`/organisations/${idOf(code)}/offices`, { username, office });
      expect([granted.status, granted.body.pendingUntil === null]).toEqual([201, confirms === undefined]);
      if (confirms) expect((await confirms.post(`/office-grants/${granted.body.id}/confirmation`)).status).toBe(200);
      return settled(username, entered.body.oneTimePassword);
    };
    const province = await appoint(nation, '330000', 'admin.zj', 'orgAdmin', second);
    const county = await appoint(province, '330110', 'admin.yh', 'orgAdmin', nation);
    const clerk = await appoint(county, '3301-09', 'clerk.yh', 'schoolClerk');
    expect((await clerk.get('/me')).body.offices).toMatchObject([{ office: 'schoolClerk', organisation: { code: '3301-09' } }]);
    expect(await nation.post(`/organisations/${idOf('3301-09')}/people`, { username: 'too.far', displayName: '远' })).toMatchObject(
      refused(404, 'not-found'),
    );
    const { problems, acts } = await audited(system);
    expect(problems).toEqual([]);
    expect(acts).toBeGreaterThan(15);
    const told = await asOwner<{ text: string }[]>(system, `select body::text as text from act where stream in ('access', 'organisation')`);
    for (const { text } of told) expect(text).not.toMatch(/沈怡|clerk\.yh|周启明|李慧珍/);
  });

  it('is changed by no second run, and a register that has grown adds what is new', async () => {
    const again = await establish(REGISTER);
    expect(again.out).toContain('Entered 0 organisations and 0 administrators');
    const grown = { ...REGISTER.schools[0], code: '3301-11', name: '余杭区第二职业高级中学' };
    expect((await establish({ ...REGISTER, schools: [...REGISTER.schools, grown] })).out).toContain('Entered 1 organisations');
    const renamed = { ...REGISTER, schools: [{ ...REGISTER.schools[0], name: '另一名称' }] };
    expect(await establish(renamed)).toMatchObject({ code: 65, err: expect.stringContaining('3301-09 is known with another name') });
  });
});
