import { relayActs } from '../../src/events/relay.js';
import { as, signIn, type ApiClient } from '../fixtures/client.js';
import { UNTIL } from '../fixtures/dates.js';
import { Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { Listener, type LiveMessage } from '../fixtures/live.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { Story, until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('a page that is open', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let clerk: ApiClient;
  let admin: ApiClient;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    demo = await Demonstration.of(system);
    await staySignedIn(system);
    school = demo.schools()[0] as DemoOrganisation;
    clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    admin = await as(system, demo.holder(school.parentId as string, 'orgAdmin'));
  });
  afterAll(() => system?.stop());

  const filed = () => Story.within(system, demo, school, { kind: 'suspension', details: { ground: 'illness', until: UNTIL } });
  const relayAll = async () => {
    while (await relayActs(system.db));
  };
  const open: Listener[] = [];
  const listen = async (client: ApiClient, lastEventId?: string) => {
    const one = await Listener.of(system, client, lastEventId);
    open.push(one);
    return one;
  };
  afterEach(() => {
    for (const one of open.splice(0)) one.breakOff();
  });
  const requestsIn = (heard: readonly LiveMessage[], id: string) => heard.filter(({ data }) => data.requestId === id);

  it('hears by ids and kinds what changed for its reader, and goes on where it broke off; strangers hear nothing', async () => {
    const elsewhere = demo.schools().find((one) => demo.at(one, 'city') !== demo.at(school, 'city')) as DemoOrganisation;
    const stranger = await listen(await as(system, demo.holder(elsewhere.id, 'schoolClerk')));
    const page = await listen(clerk);
    expect(page.heard).toMatchObject([{ event: 'ready' }]);
    expect(page.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect([page.headers.get('cache-control'), page.headers.get('x-accel-buffering')]).toEqual(['no-store, no-transform', 'no']);
    const one = await filed();
    await relayAll();
    await page.hears((heard) => requestsIn(heard, one.id).length > 0);
    expect(requestsIn(page.heard, one.id)).toMatchObject([
      { event: 'request', data: { requestId: one.id, kind: 'suspension', act: 'filed' } },
    ]);
    const place = page.place;
    page.breakOff();
    await one.filer.post(`/change-requests/${one.id}/recall`, { reason: '不再需要' });
    await relayAll();
    const again = await listen(clerk, place);
    await again.hears((heard) => requestsIn(heard, one.id).length > 0);
    expect([again.heard[0]?.event, requestsIn(again.heard, one.id).map(({ data }) => data.act)]).toEqual(['ready', ['recalled']]);
    expect((await listen(clerk, '999999999-0')).heard).toMatchObject([{ event: 'reset' }]);
    expect(requestsIn(stranger.heard, one.id)).toEqual([]);
  });

  it('hears of the own notifications and jobs alone', async () => {
    const page = await listen(admin);
    const { id } = (await admin.get<{ id: string }>('/me')).body;
    const [other] = await asOwner<{ id: string }[]>(system, 'select id from person where id <> $1 limit 1', [id]);
    const told = `insert into notification (person_id, event_id, kind, account_id, at)
      select $1, (select max(id) from event), 'passwordReset', $1, now()`;
    await asOwner(system, told, [other?.id]);
    await asOwner(system, told, [id]);
    const job = `insert into job (id, kind, organisation_id, started_by, started_at, state, params, due_at)
      values (gen_random_uuid(), 'export', $2, $1, now(), 'running', '{}', now() + interval '1 day')`;
    await asOwner(system, job, [other?.id, school.id]);
    await asOwner(system, job, [id, school.id]);
    await page.hears((heard) => heard.some(({ event }) => event === 'job') && heard.some(({ event }) => event === 'notification'));
    expect(page.heard.map(({ event }) => event).sort()).toEqual(['job', 'notification', 'ready']);
  });

  it('is no longer told anything when the session ends, and a person has a few at a time', async () => {
    const client = await signIn(system.url, demo.holder(school.id, 'schoolClerk'));
    const page = await listen(client);
    expect((await client.send('DELETE', '/sessions/current')).status).toBe(204);
    await until(() => Promise.resolve(page.ended), Boolean, 'the stream to end');
    expect(page.heard.at(-1)).toMatchObject({ event: 'end', data: { reason: 'session' } });
    for (let n = 0; n < 10; n += 1) expect((await listen(admin)).status).toBe(200);
    expect((await listen(admin)).status).toBe(429);
  });
});
