import { createHmac } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { Deliveries } from '../../src/events/delivery.js';
import { MOST_DELIVERY_ATTEMPTS } from '../../src/events/leases.js';
import { relayActs } from '../../src/events/relay.js';
import { FieldCipher } from '../../src/platform/database/field-cipher.js';
import { inScope } from '../../src/platform/database/in-scope.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { UNTIL } from '../fixtures/dates.js';
import { webhookKeepingCases } from './webhook-keeping-cases.js';

interface Event {
  id: string;
  requestId: string;
  act: string;
  seq: number;
}

let system: System;
let demo: Demonstration;
let school: DemoOrganisation;
let clerk: ApiClient;
let admin: ApiClient;

beforeAll(async () => {
  system = await startSystem({ engine: 'none', worker: false, settings: { WEBHOOK_REACH: 'any' } });
  demo = await Demonstration.of(system);
  await staySignedIn(system);
  school = demo.schools()[0] as DemoOrganisation;
  clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
  admin = await as(system, demo.holder(school.parentId as string, 'orgAdmin'));
});
afterAll(() => system.stop());

const filed = () => Story.within(system, demo, school, { kind: 'suspension', details: { ground: 'illness', until: UNTIL } });
const whole = async (client: ApiClient, after = '0'): Promise<Event[]> => {
  const { body } = await client.get<{ items: Event[]; after: string }>(`/events?after=${after}&limit=5`);
  return body.items.length === 0 ? [] : [...body.items, ...(await whole(client, body.after))];
};
const relayAll = async () => {
  while (await relayActs(system.db));
};

describe('the feed of events', () => {
  it('tells whoever sees a request what happened to it, in order and page by page, and strangers nothing', async () => {
    const one = await filed();
    await one.filer.post(`/change-requests/${one.id}/urge`);
    await one.filer.post(`/change-requests/${one.id}/recall`, { reason: '不再需要' });
    await relayAll();
    const mine = (await whole(clerk)).filter(({ requestId }) => requestId === one.id);
    expect(mine.map(({ act, seq }) => [act, seq])).toEqual([
      ['filed', 1],
      ['urged', 2],
      ['recalled', 3],
    ]);
    const other = await filed();
    await relayAll();
    const asked = async (query: string) => (await clerk.get<{ items: Event[] }>(`/events?${query}`)).body.items;
    expect((await asked(`requestId=${one.id}`)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(await asked(`requestId=${one.id}&kind=transfer`)).toEqual([]);
    expect((await asked('kind=suspension&limit=500')).map(({ requestId }) => requestId)).toContain(other.id);
    const stranger = demo.schools().find(({ id, parentId }) => id !== school.id && parentId !== school.parentId) as DemoOrganisation;
    expect(await whole(await as(system, demo.holder(stranger.id, 'schoolClerk')))).toEqual([]);
  });

  it('carries ids and codes only', async () => {
    const { body } = await clerk.get<{ items: object[] }>('/events');
    expect(JSON.stringify(body.items)).not.toMatch(/不再需要|按规定办理/);
  });

  it('misses no act whose transaction began before those that are told already', async () => {
    const [slow, quick] = [await filed(), await filed()];
    const before = (await whole(clerk)).length;
    await inScope(system.db, 'system', async (tx) => {
      await tx.query('select 1 from change_request where id = $1 for update', [slow.id]);
      const position = await appendUrge(tx, slow.id);
      await quick.filer.post(`/change-requests/${quick.id}/urge`);
      await relayAll();
      await relayAll(); // an idle pass settles what is settled
      const told = await whole(clerk);
      expect(told.filter(({ requestId, act }) => requestId === quick.id && act === 'urged')).toHaveLength(1);
      expect(told.filter(({ requestId, act }) => requestId === slow.id && act === 'urged')).toHaveLength(0);
      expect(BigInt(position)).toBeLessThan(BigInt((await tx.query<[{ p: string }]>('select max(position)::text as p from act'))[0].p));
    });
    await relayAll();
    const after = await whole(clerk);
    expect(after.filter(({ requestId, act }) => requestId === slow.id && act === 'urged')).toHaveLength(1);
    expect(after.length).toBeGreaterThan(before);
  });

  it('lists each act once, however many relays run', async () => {
    await filed();
    await Promise.all(Array.from({ length: 5 }, () => relayActs(system.db)));
    const [{ n, distinct }] = await asOwner<[{ n: number; distinct: number }]>(
      system,
      'select count(*)::int as n, count(distinct (stream_id, seq))::int as distinct from event',
    );
    expect(n).toBe(distinct);
  });
});

/** A raw note act, whose transaction the test keeps open; answers its position. */
async function appendUrge(tx: { query: <T>(sql: string, values?: unknown[]) => Promise<T> }, id: string): Promise<string> {
  const [row] = await tx.query<[{ position: string }]>(
    `insert into act (stream_id, seq, stream, kind, process, at, body, hash, seal)
     select $1, max(seq) + 1, 'request', 'urged', false, now(), '{}', sha256('x'), '' from act where stream_id = $1
     returning position::text`,
    [id],
  );
  return row.position;
}

describe('a webhook', () => {
  const answers: number[] = [];
  /** What the receiver does before it answers. */
  const before: (() => Promise<unknown>)[] = [];
  const got: { body: Event; headers: http.IncomingHttpHeaders; text: string }[] = [];
  const server = http.createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      got.push({ body: JSON.parse(text) as Event, headers: request.headers, text });
      void (before.shift() ?? (() => Promise.resolve()))().then(() => response.writeHead(answers.shift() ?? 204).end());
    });
  });
  let url: string;
  let hook: { id: string; secret: string };
  const deps = () => ({
    db: system.db,
    clock: system.time,
    cipher: new FieldCipher(system.config.fieldKey, system.config.indexKey),
    reach: 'any' as const,
    log: pino({ level: 'silent' }),
  });
  /** One pass of one process, to its end. */
  const pass = async (deliveries = new Deliveries(deps())) => {
    const taken = await deliveries.pass();
    await deliveries.settled();
    return taken;
  };
  const deliverAll = async () => {
    await relayAll();
    while ((await pass()) > 0);
  };

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    await relayAll();
    const added = await admin.post<{ id: string; secret: string }>('/webhooks', { organisationId: school.id, url });
    expect(added.status).toBe(201);
    hook = added.body;
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
  });
  beforeEach(() => {
    answers.length = 0;
    before.length = 0;
    got.length = 0;
  });

  it('is added by an administrator only, and shows its secret once', async () => {
    expect((await clerk.post('/webhooks', { organisationId: school.id, url })).body).toMatchObject({ code: 'not-your-office' });
    const { body } = await admin.get<Record<string, unknown>[]>('/webhooks');
    expect(body.find(({ id }) => id === hook.id)).not.toHaveProperty('secret');
  });

  it('gets each event signed with its secret, in order', async () => {
    const one = await filed();
    await one.filer.post(`/change-requests/${one.id}/recall`, { reason: '不再需要' });
    await deliverAll();
    expect(got.map(({ body }) => [body.requestId, body.act])).toEqual([
      [one.id, 'filed'],
      [one.id, 'recalled'],
    ]);
    const { headers, text } = got[0]!;
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${text}`;
    expect(headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', Buffer.from(hook.secret, 'base64')).update(signed).digest('base64')}`,
    );
  });

  it('is tried again later when the receiver fails, with nothing sent past it, and the log says so', async () => {
    answers.push(500);
    const one = await filed();
    await one.filer.post(`/change-requests/${one.id}/recall`, { reason: '不再需要' });
    await deliverAll();
    expect(got.map(({ body }) => body.act)).toEqual(['filed']);
    await deliverAll();
    expect(got).toHaveLength(1);
    await system.time.pass(6_000);
    await deliverAll();
    expect(got.map(({ body }) => body.act)).toEqual(['filed', 'filed', 'recalled']);
    const { body } = await admin.get<{ items: { status: number; attempt: number }[] }>(`/webhooks/${hook.id}/deliveries?limit=3`);
    expect(body.items.map(({ status, attempt }) => [status, attempt])).toEqual([
      [204, 1],
      [204, 2],
      [500, 1],
    ]);
  });

  describe('as its administrator keeps it', () => {
    webhookKeepingCases(() => ({ system, school, admin, clerk, hook, got, answers, url, twoEvents, deliverAll }));
  });

  it('is suspended after four days without success, and goes on where it stood once resumed', async () => {
    answers.push(...Array.from({ length: MOST_DELIVERY_ATTEMPTS }, () => 503));
    await filed();
    await relayAll();
    for (let i = 0; i < MOST_DELIVERY_ATTEMPTS; i += 1) {
      await pass();
      await system.time.pass(7 * 3_600_000);
    }
    const state = async () => (await admin.get<{ id: string; state: string }[]>('/webhooks')).body.find(({ id }) => id === hook.id)?.state;
    expect([got.length, await state()]).toEqual([MOST_DELIVERY_ATTEMPTS, 'suspended']);
    await deliverAll();
    expect(got).toHaveLength(MOST_DELIVERY_ATTEMPTS);
    expect((await admin.post(`/webhooks/${hook.id}/resume`)).status).toBe(200);
    await deliverAll();
    expect([got.length, got.at(-1)?.body.act]).toEqual([MOST_DELIVERY_ATTEMPTS + 1, 'filed']);
  });

  it('sends everything after a place again when asked to', async () => {
    await filed();
    await deliverAll();
    const last = got.at(-1)!.body;
    got.length = 0;
    expect((await admin.post(`/webhooks/${hook.id}/replay`, { after: String(BigInt(last.id) - 1n) })).status).toBe(200);
    await deliverAll();
    expect(got.map(({ body }) => body.id)).toEqual([last.id]);
  });

  /** Two acts of one request: two events for the school's webhooks. */
  const twoEvents = async () => {
    const one = await filed();
    await one.filer.post(`/change-requests/${one.id}/recall`, { reason: '不再需要' });
    await relayAll();
  };
  const placeOf = async (id: string) =>
    (await asOwner<[{ to: string }]>(system, 'select delivered_to::text as to from webhook where id = $1', [id]))[0].to;
  const acts = () => got.map(({ body }) => body.act);

  it('sends all of it again when the receiver asks for that while it is being sent to', async () => {
    await deliverAll();
    const to = await placeOf(hook.id);
    await twoEvents();
    before.push(
      () => Promise.resolve(),
      () => admin.post(`/webhooks/${hook.id}/replay`, { after: to }),
    );
    await deliverAll();
    expect(acts()).toEqual(['filed', 'recalled', 'filed', 'recalled']);
    // also when the event at which it is asked is then refused: it is not put off
    got.length = 0;
    await twoEvents();
    before.push(
      () => Promise.resolve(),
      () => admin.post(`/webhooks/${hook.id}/replay`, { after: to }),
    );
    answers.push(204, 500);
    await deliverAll();
    expect(acts()).toEqual(['filed', 'recalled', 'filed', 'recalled', 'filed', 'recalled']);
  });

  describe('beside another whose receiver is slow', () => {
    let release = () => {};
    let other: { id: string };
    const fast: Event[] = [];
    const receiver = http.createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => (fast.push(JSON.parse(text) as Event), response.writeHead(204).end()));
    });
    beforeAll(async () => {
      await deliverAll();
      await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
      const added = { organisationId: school.id, url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/fast` };
      other = (await admin.post<{ id: string }>('/webhooks', added)).body;
    });
    afterAll(() => {
      receiver.close();
      receiver.closeAllConnections();
    });
    beforeEach(() => {
      fast.length = 0;
      before.push(() => new Promise<void>((resolve) => (release = resolve)));
    });
    const slowHasBegun = async () => {
      while (got.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    const fastHas = async (n: number) => {
      while (fast.length < n) await new Promise((resolve) => setTimeout(resolve, 5));
    };

    it('gets its own without waiting, and no second process sends to the slow one meanwhile', async () => {
      await twoEvents();
      const [one, two] = [new Deliveries(deps()), new Deliveries(deps())];
      expect(await one.pass()).toBe(2);
      await slowHasBegun();
      await fastHas(2);
      await twoEvents();
      await until(two, 4);
      expect(fast.map(({ act }) => act)).toEqual(['filed', 'recalled', 'filed', 'recalled']);
      expect(got).toHaveLength(1);
      release();
      await Promise.all([one.settled(), two.settled()]);
      await deliverAll();
      expect(acts()).toEqual(['filed', 'recalled', 'filed', 'recalled']);
    });

    /** Passes until the fast receiver has so many. */
    const until = async (deliveries: Deliveries, n: number) => {
      while (fast.length < n) {
        await deliveries.pass();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };

    it('which a process that hangs loses to another, and may not move on any more', async () => {
      await twoEvents();
      const [hangs, takesOver] = [new Deliveries(deps()), new Deliveries(deps())];
      await hangs.pass();
      await slowHasBegun();
      await system.time.pass(61_000);
      await pass(takesOver);
      expect(acts()).toEqual(['filed', 'filed', 'recalled']);
      const place = () => placeOf(hook.id);
      const stands = await place();
      release();
      await hangs.settled();
      expect([acts(), await place()]).toEqual([['filed', 'filed', 'recalled'], stands]);
    });

    it('makes room after its time, and goes on where it stood, before the slow one of the same lane comes again', async () => {
      await twoEvents();
      const oneLane = new Deliveries(deps(), 1, 0); // one event, then the next that is due
      release();
      before.length = 0;
      const order: number[] = [];
      for (let passes = 0; passes < 4; passes += 1) {
        expect(await pass(oneLane)).toBe(1);
        order.push(got.length);
      }
      expect([acts(), fast.map(({ act }) => act)]).toEqual([
        ['filed', 'recalled'],
        ['filed', 'recalled'],
      ]);
      expect(await pass(oneLane)).toBe(0);
      expect(order.filter((n) => n === 1).length).toBeGreaterThan(1); // turn by turn
      expect((await admin.send('DELETE', `/webhooks/${other.id}`, undefined, { 'Idempotency-Key': other.id })).status).toBe(200);
    });
  });

  it('that cannot be served at all is put off too, and another organisation’s waits for none of them', async () => {
    await deliverAll();
    const others = demo.schools().find(({ parentId, id }) => parentId !== school.parentId && id !== school.id) as DemoOrganisation;
    const copy = (organisation: string, changes: string) =>
      `insert into webhook (id, organisation_id, url, secret_cipher, state, delivered_to, next_attempt_at, created_by, created_at)
       select gen_random_uuid(), '${organisation}', ${changes}, 'active', delivered_to, next_attempt_at - interval '1 hour', created_by,
         created_at from webhook where id = '${hook.id}'`;
    for (let nth = 0; nth < 20; nth += 1) {
      await asOwner(system, copy(school.id, `url, '\\x00'`)); // no secret can be read
      await asOwner(system, copy(school.id, `'http://a b/', secret_cipher`));
    }
    await asOwner(system, copy(others.id, 'url, secret_cipher'));
    await filed();
    await relayAll();
    const deliveries = new Deliveries(deps(), 4);
    expect(await deliveries.pass()).toBe(3); // two of the school, one of the other, and a lane is left free
    await deliveries.settled();
    const [{ broken, other }] = await asOwner<[{ broken: number; other: number }]>(
      system,
      `select count(*) filter (where organisation_id = $1 and attempts = 1)::int as broken,
         count(*) filter (where organisation_id = $2 and attempts = 0 and delivered_to > $3)::int as other from webhook`,
      [school.id, others.id, await placeOf(hook.id)],
    );
    expect([broken, other]).toEqual([2, 1]);
    await deliverAll();
    expect(acts()).toEqual(['filed']); // the one that can be served was served
    await asOwner(system, `update webhook set state = 'removed' where id <> $1`, [hook.id]);
  });
});
