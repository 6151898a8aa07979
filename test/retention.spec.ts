import { randomUUID } from 'node:crypto';
import { inScope } from '../src/platform/database/in-scope.js';
import { removeOutdated } from '../src/app/retention.js';
import { as } from './fixtures/client.js';
import { acrossCounties, Demonstration } from './fixtures/demonstration.js';
import { asOwner, staySignedIn } from './fixtures/owner.js';
import { startSystem, type System } from './fixtures/system.js';

const HOUR = 3_600_000;
const NOTIFICATIONS = 'select event_id::int as id from notification where event_id < 0 order by event_id';
/** Notes of each key that is removed in which transaction it was. */
const NOTE_STATEMENTS = `
  create table removed (xid xid8);
  create function note_removed() returns trigger language plpgsql security definer as $$
    begin insert into removed values (pg_current_xact_id()); return old; end $$;
  create trigger note_removed after delete on idempotency for each row execute function note_removed()`;

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

  it('is removed in batches, however much has gathered: so much a pass, and the rest by the next', async () => {
    const before = new Date(system.time.now() - 31 * 24 * HOUR);
    await asOwner(
      system,
      `insert into idempotency (person_id, key, request_hash, created_at)
       select (select id from person limit 1), 'old ' || n, sha256('x'), $1 from generate_series(1, 60) n`,
      [before],
    );
    await asOwner(system, NOTE_STATEMENTS);
    expect(await removeOutdated(system.db, system.time, 2)).toBe(true);
    expect(await rows('idempotency')).toBe(10);
    expect(await removeOutdated(system.db, system.time, 2)).toBe(false);
    expect(await rows('idempotency')).toBe(0);
    const batches = await asOwner<{ rows: number }[]>(system, 'select count(*)::int as rows from removed group by xid');
    expect(batches.map(({ rows: n }) => n)).toEqual(Array.from({ length: 30 }, () => 2));
  });

  it('is a notification for half a year after it was read, and for ever unread; and a letter for half a year', async () => {
    const [{ person }] = await asOwner<[{ person: string }]>(system, 'select id as person from person limit 1');
    const at = new Date(system.time.now());
    await asOwner(
      system,
      `with e as (insert into event (id, stream_id, seq, position) overriding system value
         select -n, $1, -n, -n from generate_series(1, 2) n returning id)
       insert into notification (person_id, event_id, kind, student_id, at, read_at)
       select $1, id, 'taskOpened', (select id from student limit 1), $2, case when id = -1 then $2::timestamptz end from e`,
      [person, at],
    );
    await asOwner(
      system,
      `insert into mail (id, person_id, purpose, state, next_attempt_at, created_at)
       select gen_random_uuid(), $1, 'now', s, $2, $2 from unnest(array['sent','failed','pending']) s`,
      [person, at],
    );
    const left = async () => [
      (await asOwner<{ id: number }[]>(system, NOTIFICATIONS)).map(({ id }) => id),
      (await asOwner<{ state: string }[]>(system, 'select state from mail order by state')).map(({ state }) => state),
    ];
    await system.time.pass(180 * 24 * HOUR - HOUR);
    await removeOutdated(system.db, system.time);
    expect(await left()).toEqual([
      [-2, -1],
      ['failed', 'pending', 'sent'],
    ]);
    await system.time.pass(2 * HOUR);
    await removeOutdated(system.db, system.time);
    expect(await left()).toEqual([[-2], ['pending']]);
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

  it('is a draft of a filing for thirty days after it was saved last: its person alone sees it, no page overwrites another', async () => {
    await staySignedIn(system);
    const [school] = acrossCounties(demo);
    const clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    const id = randomUUID();
    const save = (body: object) =>
      clerk.send('PUT', `/drafts/${id}`, { title: '转学：顾家杰', kind: 'transfer', content: { reason: '迁居' }, ...body });
    expect(await save({})).toMatchObject({ status: 200, body: { id, version: 1, kind: 'transfer', content: { reason: '迁居' } } });
    expect(await save({})).toMatchObject({ status: 200, body: { version: 1 } });
    expect(await save({ content: { reason: '又改' } })).toMatchObject({ status: 409, body: { code: 'stale-version' } });
    expect(await save({ version: 1, content: { reason: '迁居外地' } })).toMatchObject({ status: 200, body: { version: 2 } });
    expect(await save({ version: 1, content: { reason: '别处' } })).toMatchObject({ status: 409, body: { code: 'stale-version' } });
    expect(await save({ version: 2, content: { text: '长'.repeat(30_000) } })).toMatchObject({ status: 413 });
    expect((await clerk.get('/drafts')).body).toMatchObject([{ id, title: '转学：顾家杰', version: 2 }]);
    const reviewer = await as(system, demo.holder(school.id, 'schoolReviewer'));
    expect((await reviewer.get('/drafts')).body).toEqual([]);
    expect((await reviewer.get(`/drafts/${id}`)).status).toBe(404);
    expect((await reviewer.send('DELETE', `/drafts/${id}`)).status).toBe(204);
    expect((await clerk.get(`/drafts/${id}`)).body).toMatchObject({ content: { reason: '迁居外地' } });
    const [kept] = await asOwner<{ text: string }[]>(system, `select encode(content_cipher || title_cipher, 'escape') as text from draft`);
    expect(kept?.text).not.toContain(Buffer.from('迁居').toString('latin1'));
    await system.time.pass(30 * 24 * HOUR + HOUR);
    await staySignedIn(system);
    expect((await clerk.get(`/drafts/${id}`)).status).toBe(404);
    await removeOutdated(system.db, system.time);
    expect(await asOwner(system, 'select 1 from draft')).toEqual([]);
  });

  it('is no phrase of opinions: each person keeps the own ones', async () => {
    const [school] = acrossCounties(demo);
    const [clerk, reviewer] = await Promise.all([
      as(system, demo.holder(school.id, 'schoolClerk')),
      as(system, demo.holder(school.id, 'schoolReviewer')),
    ]);
    expect((await reviewer.get('/me/phrases')).body).toEqual({ phrases: [] });
    expect((await reviewer.send('PUT', '/me/phrases', { phrases: ['材料齐全，同意。'] })).status).toBe(200);
    expect((await reviewer.get('/me/phrases')).body).toEqual({ phrases: ['材料齐全，同意。'] });
    expect((await clerk.get('/me/phrases')).body).toEqual({ phrases: [] });
    expect((await reviewer.send('PUT', '/me/phrases', { phrases: ['同意。', '同意。'] })).status).toBe(422);
  });
});
