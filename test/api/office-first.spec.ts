import { createRequire } from 'node:module';
import { createServer as createHttp } from 'node:http';
import { createServer as createTcp, type AddressInfo, type Server } from 'node:net';
import type { ApiClient } from '../fixtures/client.js';
import type { Demonstration } from '../fixtures/demonstration.js';
import type { System } from '../fixtures/system.js';

type Argon2 = typeof import('@node-rs/argon2');
const real = createRequire(import.meta.url)('@node-rs/argon2') as Argon2;
const asked = { argon2: 0, population: 0, scanner: 0 };
const NOTHING = { argon2: 0, population: 0, scanner: 0 };

const { jest } = import.meta as unknown as { jest: { unstable_mockModule: (name: string, made: () => object) => void } };
/** The real one, counted. */
jest.unstable_mockModule('@node-rs/argon2', () => ({
  ...real,
  hash: (...args: Parameters<Argon2['hash']>) => ((asked.argon2 += 1), real.hash(...args)),
  verify: (...args: Parameters<Argon2['verify']>) => ((asked.argon2 += 1), real.verify(...args)),
}));
const { uploadsOf } = await import('../fixtures/uploads.js');
const { AppModule } = await import('../../src/app/app.module.js');
const { declaredRoutes } = await import('../../src/app/declared-routes.js');
const { OFFICES } = await import('../../src/domain/offices.js');
const { bodiesOf } = await import('../fixtures/bodies.js');
const { as } = await import('../fixtures/client.js');
const { acrossCounties, Demonstration: Demo } = await import('../fixtures/demonstration.js');
const { somebody } = await import('../fixtures/registrations.js');
const { startSystem } = await import('../fixtures/system.js');

/** Work that costs, and what others answer for us: hashes of passwords, the population service, the scanner. */
describe('the office is asked before any of it', () => {
  let system: System;
  let demo: Demonstration;
  const servers: Server[] = [];
  beforeAll(async () => {
    const population = createHttp((request, response) => {
      asked.population += 1;
      request.resume().on('end', () => response.setHeader('content-type', 'application/json').end('{"result":"matched"}'));
    });
    const clamd = createTcp((socket) => {
      asked.scanner += 1;
      socket
        .on('error', () => undefined)
        .on('data', (data) => void (data.subarray(-4).equals(Buffer.alloc(4)) && socket.end('stream: OK\0')));
    });
    for (const server of [population, clamd]) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(population, clamd);
    const [people, scans] = servers.map((server) => (server.address() as AddressInfo).port);
    const settings = { IDENTITY_URL: `http://127.0.0.1:${people}`, SCANNER_URL: `tcp://127.0.0.1:${scans}` };
    system = await startSystem({ engine: 'none', worker: false, settings });
    demo = await Demo.of(system);
  });
  afterAll(async () => {
    await system?.stop();
    for (const server of servers) server.close();
  });
  const since = async (work: () => Promise<unknown>) => {
    const before = { ...asked };
    await work();
    return Object.fromEntries(Object.entries(asked).map(([what, n]) => [what, n - before[what as keyof typeof asked]]));
  };
  const upload = async ({ token }: ApiClient, path: string): Promise<number> => {
    const form = new FormData();
    form.append('file', new Blob(['%PDF-1.4 of no office']), 'a.pdf');
    form.append('options', '{');
    const headers = { Authorization: `Bearer ${token}`, 'Idempotency-Key': crypto.randomUUID() };
    const { status, body } = await fetch(`${system.url}/api/v1${path}`, { method: 'POST', body: form, headers });
    await body?.cancel();
    return status;
  };

  it('where it is held: there each of them is asked', async () => {
    const [school] = acrossCounties(demo);
    const [clerk, admin] = [
      await as(system, demo.holder(school.id, 'schoolClerk')),
      await as(system, demo.holder(school.parentId ?? '', 'orgAdmin')),
    ];
    const enter = () => admin.post(`/organisations/${school.id}/people`, { username: 'counted.one', displayName: '计数' });
    expect(await since(enter)).toEqual({ ...NOTHING, argon2: 1 });
    expect(await since(() => clerk.post('/registrations', somebody()))).toMatchObject({ argon2: 0, scanner: 0 });
    expect(asked.population).toBeGreaterThan(0);
    expect(await since(() => upload(clerk, '/evidence'))).toMatchObject({ argon2: 0, population: 0 });
  });

  it('where it is held elsewhere alone: a clerk of another school, an administrator of another authority', async () => {
    const [school, other] = acrossCounties(demo);
    const [clerk, admin] = [
      await as(system, demo.holder(other.id, 'schoolClerk')),
      await as(system, demo.holder(other.parentId ?? '', 'orgAdmin')),
    ];
    const { id } = (await (await as(system, demo.holder(school.id, 'schoolReviewer'))).get<{ id: string }>('/me')).body;
    const refusals: number[] = [];
    const counted = await since(async () => {
      for (const answer of [
        await clerk.post('/registrations', { ...somebody(), schoolId: school.id }),
        await clerk.post('/registrations', { ...somebody(), schoolId: school.id, birthDate: '2199-01-01' }),
        await admin.post(`/organisations/${school.id}/people`, { username: 'counted.two', displayName: '计数' }),
        await admin.post(`/people/${id}/password-reset`, { reason: '忘记密码' }),
      ])
        refusals.push(answer.status);
    });
    expect([refusals, counted]).toEqual([[403, 403, 404, 404], NOTHING]);
  });

  it('on every route, for every office that the route does not declare, whatever is sent', async () => {
    const routes = declaredRoutes(AppModule).flatMap((route) => {
      const { mayCall } = route;
      return mayCall && 'offices' in mayCall ? [{ ...route, by: mayCall.by, offices: mayCall.offices as readonly string[] }] : [];
    });
    expect(routes.length).toBeGreaterThan(80);
    const examples = new Map(
      (await bodiesOf(system)).routes.map(({ method, path, example }) => [`${method} ${path.replace('/api/v1', '')}`, example]),
    );
    const uploads = await uploadsOf(system);
    const holders = await Promise.all(
      OFFICES.map(
        async (office) => [office, await as(system, demo.accounts.find((one) => one.office === office)?.username ?? '')] as const,
      ),
    );
    const answers: string[] = [];
    const counted = await since(async () => {
      for (const { method, path, by, offices } of routes)
        for (const [office, client] of holders.filter(([held]) => !offices.includes(held))) {
          const address = path
            .replace('{version}', '1')
            .replace('{term}', 'current')
            .replace(/\{\w+\}/g, '0192f5c2-0000-7000-8000-000000000009');
          const isUpload = uploads.has(`${method} ${path}`);
          const body = method === 'GET' ? undefined : (examples.get(`${method} ${path}`) ?? {});
          const headers = { 'Idempotency-Key': crypto.randomUUID() };
          const status = isUpload ? await upload(client, address) : (await client.send(method, address, body, headers)).status;
          // Where the case counts too, what nobody may see is not found. Many decisions are judged one by one.
          const refused = by === 'judged' ? [403, 404].includes(status) || path === '/tasks/decisions' : status === 403;
          if (!refused) answers.push(`${method} ${path} ${office} ${status}`);
        }
    });
    expect([answers, counted]).toEqual([[], NOTHING]);
  });
});
