import { as, ApiClient, DEMO_PASSWORD, refused } from '../fixtures/client.js';
import { acrossCounties, Demonstration } from '../fixtures/demonstration.js';
import { again, somebody } from '../fixtures/registrations.js';
import { pdfSaying } from '../fixtures/a-pdf.js';
import { startSystem, type System } from '../fixtures/system.js';
import { unmasked } from '../fixtures/unmasked.js';
import { relayActs } from '../../src/events/relay.js';
import { deriveNotifications } from '../../src/notifications/derive.js';

describe('who asks too often', () => {
  let system: System;
  let beside: System;
  let demo: Demonstration;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', settings: { TRUST_PROXY: '1' } });
    beside = await startSystem({ engine: 'none', settings: { DATABASE_URL: system.databaseUrl, TRUST_PROXY: '0' } });
    demo = await Demonstration.of(system);
  });
  afterAll(async () => {
    await beside?.stop();
    await system?.stop();
  });

  const HELD = { ...refused(429, 'too-many-requests') };
  const attempt = (username: string, password: string, from = '203.0.113.1', deviceToken?: string, at = system) =>
    new ApiClient(at.url).send('POST', '/sessions', { username, password, deviceToken }, { 'X-Forwarded-For': from });
  /** What a refusal tells besides its trace. */
  const told = ({ status, body }: { status: number; body: Record<string, unknown> }) => ({ ...body, status, traceId: '' });

  /** Ten failures, and five more, each after the wait of the one before: the next wait is over a minute, however slow the machine. */
  async function holdBack(usernames: readonly string[], from: string, deviceToken?: string): Promise<void> {
    for (let n = 0; n < 15; n += 1) {
      if (n >= 10) await system.time.pass(2 ** (n - 9) * 1000 + 1000);
      for (const username of usernames)
        expect(await attempt(username, `guess ${n}`, from, deviceToken)).toMatchObject(refused(401, 'wrong-credentials'));
    }
  }

  it('is held back by address, whatever addresses the client claims to have come through', async () => {
    const ask = (at: System, from: string) => new ApiClient(at.url).send('POST', '/sessions', {}, { 'X-Forwarded-For': from });
    for (let n = 0; n < 120; n += 1) expect((await ask(system, `10.0.0.${n}, 198.51.100.7`)).status).toBe(422);
    expect(await ask(system, '192.168.7.7, 198.51.100.7')).toMatchObject(HELD);
    expect((await ask(system, '192.168.7.7, 198.51.100.8')).status).toBe(422);
    for (let n = 0; n < 120; n += 1) expect((await ask(beside, `198.51.100.${n}`)).status).toBe(422);
    expect(await ask(beside, '203.0.113.200')).toMatchObject(HELD);
  });

  it('is held back by user name and address over all processes, known or not, with the right password too', async () => {
    const name = demo.holder(acrossCounties(demo)[0].id, 'schoolClerk');
    const from = '203.0.113.77';
    await holdBack([name, 'nobody.at.all'], from);
    const [known, unknown] = [await attempt(name, DEMO_PASSWORD, from), await attempt('nobody.at.all', 'x', from)];
    expect(known).toMatchObject(HELD);
    expect(told(known)).toEqual(told(unknown));
    expect(await attempt(name.toUpperCase(), DEMO_PASSWORD, from)).toMatchObject(HELD);
    expect((await attempt(name, DEMO_PASSWORD, '203.0.113.78')).status).toBe(201); // nobody locks anybody else out
  });

  it('is held back with the whole net that a house has of IPv6 addresses', async () => {
    await holdBack(['nobody.at.all'], '2001:db8:7:7::1');
    expect(await attempt('nobody.at.all', 'x', '2001:db8:7:7:ffff::2')).toMatchObject(HELD);
    expect((await attempt('nobody.at.all', 'x', '2001:db8:7:8::2')).status).toBe(401);
  });

  it('passes from a device that signed in before, also from the address that is held back; its own failures hold it back', async () => {
    const [name, other] = demo.holders(acrossCounties(demo)[1].id, 'schoolReviewer') as [string, string];
    const from = '203.0.113.90';
    const signedIn = async (username: string) => (await attempt(username, DEMO_PASSWORD, from)).body as { deviceToken: string };
    const [{ deviceToken }, { deviceToken: anothers }] = [await signedIn(name), await signedIn(other)];
    await holdBack([name], from);
    expect(await attempt(name, DEMO_PASSWORD, from)).toMatchObject(HELD);
    const [device = '', issued = '', seal = ''] = deviceToken.split('.');
    const letter = seal.at(-1) === 'A' ? 'B' : String.fromCharCode(seal.charCodeAt(seal.length - 1) + 1);
    const later = String(Number(issued) + 1);
    for (const forged of [
      anothers,
      `${device}.${later}.${seal}`,
      `${device}.${issued}.${seal.slice(0, -1)}${letter}`,
      `${deviceToken}.x`,
      'x',
    ])
      expect(await attempt(name, DEMO_PASSWORD, from, forged)).toMatchObject(HELD);
    const again = await attempt(name, DEMO_PASSWORD, from, deviceToken);
    expect(again.status).toBe(201);
    expect((again.body.deviceToken as string).split('.')[0]).toBe(device);
    await holdBack([name], from, deviceToken);
    expect(await attempt(name, DEMO_PASSWORD, from, deviceToken)).toMatchObject(HELD);
    await system.time.pass(181 * 86_400_000);
    await holdBack([name], from);
    expect(await attempt(name, DEMO_PASSWORD, from, deviceToken)).toMatchObject(HELD); // known for half a year
  });

  it('is let in again after a while, and then nothing is left of it', async () => {
    const name = demo.holder(acrossCounties(demo)[1].id, 'schoolClerk');
    const from = '203.0.113.1';
    await holdBack([name], from);
    expect(await attempt(name, DEMO_PASSWORD)).toMatchObject(HELD);
    await system.time.pass(130_000);
    expect((await attempt(name, DEMO_PASSWORD)).status).toBe(201);
    for (let n = 0; n < 9; n += 1) expect((await attempt(name, 'mistyped')).status).toBe(401);
    expect((await attempt(name, DEMO_PASSWORD)).status).toBe(201);
  });

  it('as a person is held back wherever the person comes from', async () => {
    const clerk = await as(system, demo.holder(acrossCounties(demo)[0].id, 'schoolReviewer'));
    const lookUp = (n: number) =>
      clerk.send('POST', '/students/lookup', { studentNumber: 'G11010119000101001X' }, { 'X-Forwarded-For': `203.0.113.${n}` });
    const answers = [];
    for (let n = 0; n < 125; n += 1) answers.push((await lookUp(n)).status);
    expect(answers.slice(0, 60)).toEqual(Array(60).fill(404));
    expect(answers).toContain(429);
  });

  describe('in a day', () => {
    let limited: System;
    let clerk: ApiClient;
    let school: string;
    beforeAll(async () => {
      const settings = {
        DATABASE_URL: system.databaseUrl,
        DOSSIERS_PER_DAY: '3',
        UPLOADED_MB_PER_DAY: '1',
        UNMASKINGS_PER_DAY: '1',
        DUPLICATES_PER_DAY: '2',
        ORGANISATION_TIMES: '2',
        REQUESTS_PER_MINUTE: '60',
        SESSION_HOURS: '72',
      };
      limited = await startSystem({ engine: 'none', settings });
      const taken = acrossCounties(demo).map(({ id }) => id); // their clerks are held back above
      school = demo.schools().find(({ id }) => !taken.includes(id))?.id ?? '';
      clerk = await as(limited, demo.holder(school, 'schoolClerk'));
    });
    afterAll(() => limited?.stop());

    const DONE = refused(429, 'daily-limit-reached');
    /** The limits hold for all processes: this one counts what another one asks. */
    const told = async () => {
      while (await relayActs(limited.db));
      while (await deriveNotifications(limited.db, limited.time));
      const above = await as(system, demo.holder(demo.organisations.get(school)?.parentId ?? '', 'authoritySupervisor'));
      const { items } = (await above.get<{ items: { kind: string; accountId: string }[] }>('/notifications')).body;
      return items.filter(({ kind }) => kind === 'limitReached').length;
    };

    it('reads so many dossiers, each student once, and then none until tomorrow; the supervisor above is told once', async () => {
      const ids = Array.from({ length: 4 }, () => demo.student(school));
      for (const id of [ids[0], ids[0], ids[1], ids[1], ids[2]]) {
        expect((await clerk.get(`/students/${id}`)).status).toBe(200);
        expect((await clerk.get(`/students/${id}/dossier`)).status).toBe(200);
      }
      const over = await clerk.get<{ retryAfterSeconds: number }>(`/students/${ids[3]}`);
      expect(over).toMatchObject({ ...DONE, body: { retryAfterSeconds: expect.any(Number) } });
      expect(over.body.retryAfterSeconds).toBeLessThanOrEqual(86_400);
      expect((await clerk.get(`/students/${ids[0]}`)).status).toBe(200);
      expect(await clerk.get(`/students/${ids[3]}/dossier`)).toMatchObject(DONE);
      expect(await told()).toBe(1);
      await limited.time.pass(24 * 3_600_000);
      expect((await clerk.get(`/students/${ids[3]}`)).status).toBe(200);
    });

    it('uploads so many bytes, sees values whole so often, and is refused so many possible duplicates', async () => {
      const half = (what: string) => pdfSaying(what + 'x'.repeat(600_000));
      await clerk.evidence(half('one'));
      await expect(clerk.evidence(half('other'))).rejects.toThrow('daily-limit-reached');
      const [one, other] = [demo.student(school), demo.student(school)];
      await unmasked(clerk, one);
      await expect(unmasked(clerk, other)).rejects.toThrow('daily-limit-reached');
      const guess = (id: string) => clerk.post('/registrations', again(id));
      for (const id of [one, other]) expect(await guess(id)).toMatchObject(refused(409, 'possible-duplicate'));
      expect(await guess(demo.student(school))).toMatchObject(DONE);
      expect(await clerk.post('/registrations', somebody())).toMatchObject(DONE);
    });

    it('asks so often a minute, whatever it asks', async () => {
      const answers = [];
      for (let n = 0; n < 70; n += 1) answers.push((await clerk.get('/me')).status);
      expect([answers[0], answers.at(-1)]).toEqual([200, 429]);
    });
  });
});
