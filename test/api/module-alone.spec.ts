import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import type { INestApplication, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import pino from 'pino';
import { OperationsModule } from '../../src/operations/operations.module.js';
import { OrganisationsModule } from '../../src/organisations/organisations.module.js';
import { ENTITIES } from '../../src/app/entities.js';
import { PlatformModule } from '../../src/platform/platform.module.js';
import { SchoolTermsModule } from '../../src/school-terms/school-terms.module.js';
import { ApiClient, DEMO_PASSWORD, refused } from '../fixtures/client.js';
import { startSystem, type System } from '../fixtures/system.js';

class Root {}

describe('a module alone, without the rest of the server', () => {
  let system: System;
  const apps: INestApplication[] = [];
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
  });
  afterAll(async () => {
    await Promise.all(apps.map((app) => app.close()));
    await system?.stop();
  });

  const alone = async (slice: Type): Promise<System> => {
    const { config, time: clock, client: temporal } = system;
    const ground = PlatformModule.over({ name: 'xueji-api', config, clock, log: pino({ level: 'silent' }), temporal }, ENTITIES);
    const app = await NestFactory.create({ module: Root, imports: [ground, slice] }, { logger: false });
    app.setGlobalPrefix('api/v1');
    await app.listen(0, '127.0.0.1');
    apps.push(app);
    const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
    return { ...system, url: `http://127.0.0.1:${port}` };
  };

  it.each<[string, Type]>([
    ['/operations/incidents', OperationsModule],
    ['/organisations', OrganisationsModule],
    ['/schools/0192f5c2-0000-7000-8000-000000000000/terms/2026-1', SchoolTermsModule],
  ])('lets nobody in who is not signed in: %s', async (path, slice) => {
    const { url } = await alone(slice);
    expect(await new ApiClient(url).send('GET', path)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  it('checks what comes in and answers with a problem, as the server does', async () => {
    const slice = await alone(OrganisationsModule);
    const account = { username: 'operator', password: DEMO_PASSWORD };
    const { body } = await new ApiClient(system.url).send<{ token: string }>('POST', '/sessions', account);
    const operator = new ApiClient(slice.url, body.token);
    const wrong = await operator.get('/organisations?limit=0&shape=round');
    expect(wrong.type).toContain('application/problem+json');
    expect(wrong).toMatchObject(refused(422, 'invalid-input'));
    expect(wrong.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(['/limit', '/shape']);
    expect((await operator.get('/organisations?limit=1')).status).toBe(200);
  });
});
