import { randomUUID } from 'node:crypto';
import { Controller, Get, Module, Post } from '@nestjs/common';
import { AppModule } from '../../src/app/app.module.js';
import { declaredRoutes } from '../../src/app/declared-routes.js';
import { OFFICES } from '../../src/domain/offices.js';
import { ForOffices, SignedIn } from '../../src/platform/access/may-call.js';
import { ApiClient, as } from '../fixtures/client.js';
import { Demonstration } from '../fixtures/demonstration.js';
import { sized } from '../fixtures/profile.js';
import { startSystem, type System } from '../fixtures/system.js';
import { uploadsOf } from '../fixtures/uploads.js';

const routes = declaredRoutes(AppModule);
/** Whoever called them would be signed out, and call nothing more. */
const ENDS_SESSIONS = ['/sessions/current', '/me/sessions'];
const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;

describe('who may call a route', () => {
  it('is declared by every route', () => {
    expect(routes.filter(({ mayCall }) => !mayCall).map(nameOf)).toEqual([]);
  });

  it('would be missed where it is not declared; a route has its own declaration, else that of its controller', () => {
    @Controller('planted')
    class Undeclared {
      @Get(':id/rows')
      rows(): void {}
    }
    @SignedIn()
    @Controller('declared')
    class Declared {
      @Get()
      list(): void {}

      @ForOffices('operator')
      @Post()
      add(): void {}
    }
    @Module({ controllers: [Declared] })
    class Below {}
    @Module({ imports: [Below], controllers: [Undeclared] })
    class Planted {}
    expect(declaredRoutes(Planted)).toEqual([
      { method: 'GET', path: '/planted/{id}/rows', mayCall: undefined, area: undefined, handler: 'rows', given: [] },
      { method: 'GET', path: '/declared', mayCall: { by: 'signedIn' }, area: 'reading', handler: 'list', given: [] },
      { method: 'POST', path: '/declared', mayCall: { by: 'offices', offices: ['operator'] }, area: undefined, handler: 'add', given: [] },
    ]);
  });

  describe('at the server', () => {
    let system: System;
    let holders: (readonly [office: string, client: ApiClient])[];
    beforeAll(async () => {
      system = await startSystem({ engine: 'none' });
      const { accounts } = await Demonstration.of(system);
      const one = (office: string) => accounts.find((account) => account.office === office)?.username ?? '';
      holders = await Promise.all(OFFICES.map(async (office) => [office, await as(system, one(office))] as const));
    });
    afterAll(() => system?.stop());

    const ask = (client: ApiClient, { method, path }: { method: string; path: string }, body?: object) =>
      client.send(method, path.replace('{version}', '1').replace(/\{\w+\}/g, '0192f5c2-0000-7000-8000-000000000000'), body);
    const isProbe = (path: string) => /^\/(health|metrics|verify)(\/|$)/.test(path);

    it('is shown by the OpenAPI document of every operation', async () => {
      const { paths } = (await (await fetch(`${system.url}/openapi.json`)).json()) as {
        paths: Record<string, Record<string, { 'x-may-call'?: object }>>;
      };
      const shown = Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => [
          `${method.toUpperCase()} ${path.slice('/api/v1'.length)}`,
          operation['x-may-call'],
        ]),
      );
      const declared = routes.filter(({ path }) => !isProbe(path)).map((route) => [nameOf(route), route.mayCall]);
      expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(declared));
    });

    it('lets nobody in who is not signed in, where it is not everybody', async () => {
      const nobody = new ApiClient(system.url);
      for (const route of routes.filter(({ mayCall }) => mayCall?.by !== 'everybody'))
        expect([nameOf(route), (await ask(nobody, route)).body.code]).toEqual([nameOf(route), 'unauthenticated']);
    });

    it('refuses all other offices where the office alone decides, before the key and the body are looked at', async () => {
      const guarded = routes.flatMap((route) =>
        route.mayCall?.by === 'offices' || route.mayCall?.by === 'readers' ? [{ ...route, offices: route.mayCall.offices }] : [],
      );
      expect(guarded.length).toBeGreaterThan(40);
      const uploads = await uploadsOf(system); // they take no JSON
      for (const route of guarded)
        for (const [office, client] of holders) {
          const { status, body } = await ask(
            client,
            route,
            route.method === 'GET' || uploads.has(nameOf(route)) ? undefined : { no: 'such field' },
          );
          const refused = status === 403 && body.code === 'not-your-office';
          expect([nameOf(route), office, refused]).toEqual([nameOf(route), office, !route.offices.some((one) => one === office)]);
        }
    });

    const ODD: readonly (readonly [body: string | undefined, type?: string])[] = [
      [undefined],
      ['', 'application/json'],
      ['[]', 'application/json'],
      ['nothing of a kind', 'multipart/form-data'],
      ['{}', 'application/json'],
      ['[{}]', 'application/json'],
      ['"text"', 'application/json'],
      ['7', 'application/json'],
      ['null', 'application/json'],
      ['{', 'application/json'],
      ['{}', 'text/plain'],
      ['a=1', 'application/x-www-form-urlencoded'],
      ['--b--', 'multipart/form-data; boundary=b'],
    ];
    /** One whom the declaration lets in; everybody in `npm run test:long`. */
    const admitted = ({ mayCall }: (typeof routes)[number]) => {
      const named = holders.filter(([office]) => !mayCall || !('offices' in mayCall) || mayCall.offices.some((one) => one === office));
      return named.slice(0, sized(1, named.length));
    };

    it('never fails by itself, whatever body is sent to it or none, by whom it lets in', async () => {
      const failed: unknown[] = [];
      const ends = ({ method, path }: (typeof routes)[number]) => method === 'DELETE' && ENDS_SESSIONS.includes(path);
      // What never ends (test/events/live.spec.ts) and what leads to the issuer (test/sessions).
      const leads = ({ path }: (typeof routes)[number]) => path === '/events/stream' || path.startsWith('/browser-sessions/oidc');
      for (const route of routes.filter((one) => !isProbe(one.path) && !ends(one) && !leads(one)))
        for (const [body, type] of ODD.slice(0, sized(5, ODD.length))) {
          if (route.method === 'GET' && body !== undefined) continue;
          const path = route.path.replace('{version}', '1').replace(/\{\w+\}/g, '0192f5c2-0000-7000-8000-000000000000');
          const answers = await Promise.all(
            admitted(route).map(([, client]) =>
              client.send(route.method, path, body, { ...(type ? { 'Content-Type': type } : {}), 'Idempotency-Key': randomUUID() }),
            ),
          );
          failed.push(...answers.filter(({ status }) => status >= 500).map(({ status }) => [nameOf(route), body, type, status]));
        }
      expect(failed).toEqual([]);
    });
  });
});
