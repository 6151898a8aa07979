import type { AddressInfo } from 'node:net';
import type { Transporter } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { startBackground } from '../../src/app/background.js';
import { CalendarStore } from '../../src/calendar/calendar.store.js';
import { applicationOptions, connected } from '../../src/platform/database/data-source.js';
import { FieldCipher } from '../../src/platform/database/field-cipher.js';
import { demonstrationIdentity } from '../../src/demo/demonstration-identity.js';
import { inScope } from '../../src/platform/database/in-scope.js';
import { relayActs } from '../../src/events/relay.js';
import { logOf } from '../../src/platform/log.js';
import { sendLetters, MOST_MAIL_ATTEMPTS } from '../../src/mail/send.js';
import { gatherLetters } from '../../src/mail/outbox.js';
import { transportTo } from '../../src/mail/transport.js';
import { deriveNotifications } from '../../src/notifications/derive.js';
import { addDays, instantOf, type PlainDate } from '../../src/domain/working-days.js';
import { calendarOf } from '../fixtures/calendar.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { Story, until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { UNTIL } from '../fixtures/dates.js';

const ADDRESS = 'clerk.li@school.example.cn';

/** The words of a letter, whatever its transfer encoding. */
const words = (raw: string): string => {
  const [head = '', body = ''] = raw.split(/\r\n\r\n([\s\S]*)/);
  return /base64/.test(head)
    ? Buffer.from(body, 'base64').toString()
    : body.replace(/=\r\n/g, '').replace(/((=[0-9A-F]{2})+)/g, (bytes) => Buffer.from(bytes.replace(/=/g, ''), 'hex').toString());
};

/** The first day from then on that is worked, is followed by two that are not, and then by two that are. */
function beforeAWeekend(calendar: Awaited<ReturnType<typeof calendarOf>>, from: PlainDate): PlainDate {
  const worked = [0, 1, 2, 3, 4].map((n) => calendar.isWorked(addDays(from, n)));
  return worked.join() === 'true,false,false,true,true' ? from : beforeAWeekend(calendar, addDays(from, 1));
}

describe('mail, by a real SMTP server', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let clerk: ApiClient;
  let transport: Transporter;
  const got: { to: string; raw: string }[] = [];
  const answers: { responseCode: number; message: string }[] = [];
  let held: Promise<void> | undefined;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onRcptTo: (_, __, callback) => {
      const refused = answers.shift();
      callback(refused ? Object.assign(new Error(refused.message), refused) : null);
    },
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        got.push({ to: session.envelope.rcptTo.map(({ address }) => address).join(), raw: Buffer.concat(chunks).toString() });
        const hold = held;
        held = undefined;
        void (hold ?? Promise.resolve()).then(() => callback());
      });
    },
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    transport = transportTo({ url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, from: 'xueji@example.cn' });
    system = await startSystem({ engine: 'none' });
    demo = await Demonstration.of(system);
    await staySignedIn(system);
    [school] = withinACounty(demo);
    clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
  });
  afterAll(async () => {
    transport.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await system?.stop();
  });
  beforeEach(() => {
    got.length = 0;
    answers.length = 0;
  });

  const prefer = (mailWish: string) =>
    clerk.send('PUT', '/notifications/preferences', { kinds: ['stale', 'copied'], mail: mailWish, email: ADDRESS });
  const deps = () => ({
    db: system.db,
    clock: system.time,
    transport,
    from: 'xueji@example.cn',
    calendar: new CalendarStore(),
    cipher: new FieldCipher(system.config.fieldKey, system.config.indexKey),
  });
  const post = async () => {
    while (await relayActs(system.db));
    while (await deriveNotifications(system.db, system.time));
    while (await sendLetters(deps()));
  };
  /** What another process would send by, with connections of its own. */
  const other = async () => {
    const db = await connected(applicationOptions(system.config.databaseUrl, 2, 'other'));
    const { port } = server.server.address() as AddressInfo;
    const its = transportTo({ url: `smtp://127.0.0.1:${port}`, from: 'xueji@example.cn' });
    return { send: () => sendLetters({ ...deps(), db, transport: its }), stop: async () => (its.close(), db.destroy()) };
  };
  /** A request of the clerk of which the process has noted that nobody moves it. */
  const happened = async () => {
    const story = await Story.within(system, demo, school, { kind: 'suspension', details: { ground: 'illness', until: UNTIL } });
    await asOwner(
      system,
      `insert into act (stream_id, seq, stream, kind, process, at, body, hash, seal)
       select $1, max(seq) + 1, 'request', 'stale', false, $2, '{"since":"2026-01-01T00:00:00.000Z"}', sha256('x'), '' from act
         where stream_id = $1`,
      [story.id, new Date(system.time.now())],
    );
    return story;
  };
  const states = () =>
    asOwner<{ state: string; attempts: number; failure: string | null }[]>(
      system,
      'select state, attempts, failure from mail order by created_at, id',
    );

  it('goes at once to the address that the person has set, with numbers and titles only', async () => {
    expect((await prefer('now')).body).toMatchObject({ mail: 'now', email: ADDRESS });
    const story = await happened();
    await happened();
    await post();
    const { number } = (await clerk.get<{ number: string }>(`/change-requests/${story.id}`)).body;
    expect(got.map(({ to }) => to)).toEqual([ADDRESS]);
    expect(words(got[0]!.raw)).toContain(number);
    expect(words(got[0]!.raw)).toContain('申请长期未办');
    const { maskedName } = (await clerk.get<{ maskedName?: string }>(`/change-requests/${story.id}`)).body;
    expect(words(got[0]!.raw)).not.toContain(maskedName ?? '按规定办理');
    await post();
    expect(got).toHaveLength(1);
  });

  it('says of a proxy 代理 what and where, and nobody’s name', async () => {
    const kinds = ['stale', 'copied', 'proxyGranted'];
    expect((await clerk.send('PUT', '/notifications/preferences', { kinds, mail: 'now', email: ADDRESS })).status).toBe(200);
    const absent = await as(system, demo.holder(school.id, 'schoolReviewer'));
    const until = new Date(system.time.now() + 24 * 3_600_000).toISOString();
    const granted = await absent.post<{ principal: { displayName: string } }>('/me/proxies', {
      username: demo.holder(school.id, 'schoolClerk'),
      office: 'schoolReviewer',
      organisationId: school.id,
      until,
      reason: '休假',
    });
    expect(granted.status).toBe(201);
    await post();
    expect(words(got[0]!.raw)).toContain(`您被指定为代理人  ${school.name}`);
    expect(words(got[0]!.raw)).not.toContain(granted.body.principal.displayName);
    expect(words(got[0]!.raw)).not.toContain('休假');
    await prefer('now');
  });

  it('keeps the address encrypted, and out of the logs', async () => {
    const [{ clear }] = await asOwner<[{ clear: number }]>(
      system,
      `select count(*)::int as clear from person where position('clerk.li'::bytea in email_cipher) > 0`,
    );
    expect([clear, system.logs.filter((line) => line.includes('clerk.li'))]).toEqual([0, []]);
  });

  it('is tried again later when the server cannot take it now, with the same message id and nothing of the address on record', async () => {
    answers.push({ responseCode: 451, message: `later, ${ADDRESS}` });
    await happened();
    await post();
    expect([got.length, (await states()).at(-1)]).toEqual([0, { state: 'pending', attempts: 1, failure: 'EENVELOPE 451' }]);
    await post();
    expect(got).toHaveLength(0);
    await system.time.pass(61_000);
    await post();
    expect([got.length, (await states()).at(-1)]).toEqual([1, { state: 'sent', attempts: 2, failure: null }]);
    const [{ id }] = await asOwner<[{ id: string }]>(system, 'select id from mail order by created_at desc limit 1');
    expect(got[0]!.raw).toContain(`<${id}@xueji>`);
  });

  it('goes out once while many processes send, also when one of them takes longer than any lock is kept for it', async () => {
    for (let n = 0; n < 3; n += 1) {
      await happened();
      while (await relayActs(system.db));
      while (await deriveNotifications(system.db, system.time));
      await inScope(system.db, 'system', (tx) => gatherLetters(tx, system.time, new CalendarStore()));
    }
    let takeIt = (): void => undefined;
    held = new Promise((resolve) => (takeIt = resolve));
    const slow = sendLetters(deps());
    await until(() => Promise.resolve(got.length), (n) => n === 1, 'the server to have the first letter'); // prettier-ignore
    await asOwner(system, `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())`); // prettier-ignore
    const others = [await other(), await other()];
    while ((await Promise.all(others.map(({ send }) => send()))).includes(true));
    takeIt();
    await slow;
    await post();
    const ids = got.map(({ raw }) => /<([^>]+)@xueji>/.exec(raw)?.[1]);
    expect([ids.length, new Set(ids).size]).toEqual([3, 3]);
    expect((await states()).slice(-3)).toEqual([1, 2, 3].map(() => ({ state: 'sent', attempts: 1, failure: null })));
    for (const { stop } of others) await stop();
  });

  it('does not hold up the others when one address cannot be read', async () => {
    await happened();
    while (await relayActs(system.db));
    while (await deriveNotifications(system.db, system.time));
    await inScope(system.db, 'system', (tx) => gatherLetters(tx, system.time, new CalendarStore()));
    const [kept] = await asOwner<{ sealed: Buffer }[]>(system, 'select email_cipher as sealed from person where email_cipher is not null');
    await asOwner(system, `update person set email_cipher = 'no cipher' where email_cipher is not null`);
    await sendLetters(deps());
    await asOwner(system, 'update person set email_cipher = $1 where email_cipher is not null', [kept?.sealed]);
    expect((await states()).at(-1)).toMatchObject({ state: 'pending', attempts: 1 });
    await happened();
    await post();
    expect(got).toHaveLength(1);
    await system.time.pass(61_000);
    await post();
    expect(got).toHaveLength(2);
  });

  it('is given up when the server knows no such address', async () => {
    answers.push({ responseCode: 550, message: `no ${ADDRESS} here` });
    await happened();
    await post();
    expect((await states()).at(-1)).toEqual({ state: 'failed', attempts: 1, failure: 'EENVELOPE 550' });
    expect(JSON.stringify(await states())).not.toContain('clerk.li');
  });

  it('is given up after some two days without a mail server', async () => {
    const away = transportTo({ url: 'smtp://127.0.0.1:1', from: 'xueji@example.cn' });
    await happened();
    while (await relayActs(system.db));
    while (await deriveNotifications(system.db, system.time));
    for (let i = 0; i < MOST_MAIL_ATTEMPTS; i += 1) {
      await sendLetters({ ...deps(), transport: away });
      await system.time.pass(6 * 3_600_000 + 1000);
    }
    away.close();
    expect((await states()).at(-1)).toMatchObject({ state: 'failed', attempts: MOST_MAIL_ATTEMPTS });
    await post();
    expect(got).toHaveLength(0);
  });

  it('comes as one digest at eight on the next working day', async () => {
    await prefer('digest');
    const friday = beforeAWeekend(await calendarOf(system), addDays(system.time.today(), 1));
    await system.time.pass(instantOf(friday) + 15 * 3_600_000 - system.time.now());
    await happened();
    await post();
    await system.time.pass(instantOf(addDays(friday, 1)) + 9 * 3_600_000 - system.time.now()); // Saturday
    await happened();
    await post();
    await system.time.pass(instantOf(addDays(friday, 3)) + 7.9 * 3_600_000 - system.time.now()); // Monday, before eight
    await post();
    expect(got).toHaveLength(0);
    await system.time.pass(0.2 * 3_600_000);
    await happened(); // after eight: for tomorrow's
    await post();
    expect(got).toHaveLength(1);
    expect(words(got[0]!.raw).match(/申请长期未办/g)).toHaveLength(2);
    await post();
    expect(got).toHaveLength(1);
    await system.time.pass(24 * 3_600_000);
    await post();
    expect(got).toHaveLength(2);
  });

  it('is not sent to who wants none', async () => {
    await prefer('none');
    await happened();
    await post();
    expect(got).toHaveLength(0);
    expect((await clerk.get('/notifications?unread=true')).body.unread).toBeGreaterThan(0);
  });

  it('leaves no connection open when the worker stops', async () => {
    transport.close();
    const open = () => Promise.resolve(server.connections.size);
    await until(open, (n) => n === 0, 'the connection of the tests before to be closed');
    await prefer('now');
    await happened();
    const { config, client, logs } = system;
    const { port } = server.server.address() as AddressInfo;
    const background = startBackground(
      { ...config, mail: { url: `smtp://127.0.0.1:${port}`, from: 'xueji@example.cn' } },
      {
        ...deps(),
        identity: demonstrationIdentity,
        client,
        taskQueue: config.temporal.taskQueue,
        log: logOf('worker', 'info', { write: (line) => void logs.push(line) }),
      },
    );
    await until(() => Promise.resolve(got.length), (n) => n === 1, 'the letter'); // prettier-ignore
    expect(await open()).toBe(1);
    await Promise.all(background.map(async (one) => one.stop()));
    await until(open, (n) => n === 0, 'the connection to be closed', 5_000);
  });
});
