import { randomUUID } from 'node:crypto';
import { inScope } from '../src/platform/database/in-scope.js';
import { removeOutdated } from '../src/app/retention.js';
import { as } from './fixtures/client.js';
import { acrossCounties, Demonstration } from './fixtures/demonstration.js';
import { staySignedIn } from './fixtures/owner.js';
import { startSystem, type System } from './fixtures/system.js';

const HOUR = 3_600_000;

describe('what is kept for a time only', () => {
  let system: System;
  let demo: Demonstration;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    demo = await Demonstration.of(system);
  });
  afterAll(() => system?.stop());

  const rows = (table: 'session' | 'idempotency') =>
    inScope(system.db, 'system', async (tx) => (await tx.query<unknown[]>(`select 1 from ${table}`)).length);

  it('is a session until it expires', async () => {
    await as(system, 'operator'); // an account that nothing below uses
    await removeOutdated(system.db, system.time);
    expect(await rows('session')).toBe(1);
    await system.time.pass(12 * HOUR);
    await removeOutdated(system.db, system.time);
    expect(await rows('session')).toBe(0);
  });

  it('is an idempotency key with its answer for thirty days', async () => {
    await staySignedIn(system);
    const [source, destination] = acrossCounties(demo);
    const clerk = await as(system, demo.holder(source.id, 'schoolClerk'));
    const body = { kind: 'transfer', studentId: demo.student(source.id), details: { destinationSchoolId: destination.id }, reason: '迁居' };
    const [key, evidenceIds] = [randomUUID(), [await clerk.evidence()]];
    const filed = await clerk.post('/change-requests', { ...body, evidenceIds }, key);
    await system.time.pass(30 * 24 * HOUR - HOUR);
    await removeOutdated(system.db, system.time);
    expect(await clerk.post('/change-requests', { ...body, evidenceIds }, key)).toMatchObject({ status: 201, body: { id: filed.body.id } });
    await system.time.pass(2 * HOUR);
    await removeOutdated(system.db, system.time);
    expect(await rows('idempotency')).toBe(0);
  });
});
