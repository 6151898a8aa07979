import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DataSource } from 'typeorm';
import { applicationOptions, connected } from '../../src/platform/database/data-source.js';
import { FieldCipher } from '../../src/platform/database/field-cipher.js';
import { demoStudents } from '../../src/demo/students.js';
import { HttpIdentity, type IdentityFault, type IdentityService } from '../../src/identity/http-identity.js';
import { identityFrom } from '../../src/identity/identity-from.js';
import { LocalIdentity } from '../../src/identity/local-identity.js';
import type { IdentityQuestion } from '../../src/identity/identity.js';
import { parseConfig, type Config } from '../../src/platform/config.js';
import { freshDatabase, type TestDatabase } from '../engines/databases.js';
import { DEMO_KEYS } from '../fixtures/keys.js';
import { asOwner } from '../fixtures/owner.js';

const [student, other] = demoStudents() as [ReturnType<typeof demoStudents>[0], ReturnType<typeof demoStudents>[0]];
const questionOf = ({ document, name } = student): IdentityQuestion => ({
  documentType: document.type,
  documentNumber: document.number,
  name,
});

describe('identity authentication against the local register (R-09)', () => {
  let database: TestDatabase;
  let db: DataSource;
  let config: Config;
  let identity: LocalIdentity;
  beforeAll(async () => {
    database = await freshDatabase();
    config = parseConfig({ ...DEMO_KEYS, DATABASE_URL: database.url });
    db = await connected(applicationOptions(database.url, 2, 'identity-spec'));
    identity = new LocalIdentity(db, new FieldCipher(config.fieldKey, config.indexKey));
  });
  afterAll(async () => {
    await db?.destroy();
    await database?.drop();
  });

  it('matches every student of the demonstration, whatever the document', async () => {
    for (const one of demoStudents().filter(({ document }, nth) => nth < 20 || document.type !== 'residentId'))
      expect(await identity.check(questionOf(one))).toBe('matched');
  });

  it("takes a document in another's name as a name that differs, and one that nobody has as unknown", async () => {
    expect(await identity.check({ ...questionOf(), name: other.name })).toBe('nameDiffers');
    expect(await identity.check({ ...questionOf(), documentNumber: '110101199003070011' })).toBe('unknownDocument');
    expect(await identity.check({ ...questionOf(), documentType: 'passport' })).toBe('unknownDocument');
  });

  it('compares as people write: small letters, spaces around', async () => {
    const { documentType, documentNumber, name } = questionOf();
    expect(await identity.check({ documentType, documentNumber: documentNumber.toLowerCase(), name: ` ${name} ` })).toBe('matched');
  });

  it('holds digests alone: neither a number nor a name can be read in the table', async () => {
    const rows = await asOwner<{ text: string }[]>({ databaseUrl: database.url }, 'select t::text as text from population_register t');
    expect(rows).toHaveLength(2010);
    const all = rows.map(({ text }) => text).join('\n');
    const hex = (text: string) => Buffer.from(text).toString('hex');
    for (const value of [student.name, student.document.number, hex(student.name), hex(student.document.number)])
      expect(all).not.toContain(value);
  });

  it('is chosen when no service is configured, and the service when one is', () => {
    const cipher = new FieldCipher(config.fieldKey, config.indexKey);
    expect(identityFrom(config, db, cipher)).toBeInstanceOf(LocalIdentity);
    const { identity: service } = parseConfig({
      ...DEMO_KEYS,
      DATABASE_URL: database.url,
      IDENTITY_URL: 'https://population.example/check',
    });
    expect(service).toEqual({ url: 'https://population.example/check', token: undefined, timeout: 3000, attempts: 3 });
    expect(identityFrom({ identity: service }, db, cipher)).toBeInstanceOf(HttpIdentity);
  });
});

type Reply = (request: IncomingMessage, response: ServerResponse) => void;
const saying =
  (text: string, status = 200): Reply =>
  (_, response) =>
    void response.writeHead(status, { 'Content-Type': 'application/json' }).end(text);
const result = (answer: string) => saying(JSON.stringify({ result: answer }));

describe('identity authentication over HTTP', () => {
  let server: Server;
  let url: string;
  let replies: Reply[] = [];
  let heard: { method?: string; authorization?: string; body: string }[] = [];
  let faults: IdentityFault[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        heard.push({ method: request.method, authorization: request.headers.authorization, body: Buffer.concat(parts).toString() });
        // The last reply is repeated.
        (replies.length > 1 ? replies.shift() : replies[0])?.(request, response);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/check`;
  });
  beforeEach(() => {
    [replies, heard, faults] = [[], [], []];
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const check = (answers: Reply[], more: Partial<IdentityService> = {}, question = questionOf()) => {
    replies = answers;
    return new HttpIdentity({ url, timeout: 10_000, attempts: 3, ...more }, (fault) => void faults.push(fault)).check(question);
  };

  it.each(['matched', 'nameDiffers', 'unknownDocument'])(
    'answers %s as the service does, asked once by POST, normalised, with the token',
    async (answer) => {
      const { documentType, documentNumber, name } = questionOf();
      const asked = { documentType, documentNumber: documentNumber.toLowerCase(), name: ` ${name} ` };
      expect(await check([result(answer)], { token: 'secret' }, asked)).toBe(answer);
      expect(heard).toMatchObject([{ method: 'POST', authorization: 'Bearer secret' }]);
      expect(JSON.parse(heard[0]?.body ?? '')).toEqual({ documentType, documentNumber, name });
      expect(faults).toEqual([]);
    },
  );

  it('passes on that the service cannot say now', async () => {
    expect(await check([result('unavailable')])).toBe('unavailable');
    expect(heard).toHaveLength(1);
  });

  it.each([500, 502, 503, 429])('asks again after %i, and takes the answer that then comes', async (status) => {
    expect(await check([saying('{}', status), saying('{}', status), result('matched')])).toBe('matched');
    expect(faults).toEqual([`http-${status}`, `http-${status}`]);
  });

  it('is unavailable when the service keeps failing, after as many attempts as configured', async () => {
    expect(await check([saying('{}', 500)], { attempts: 2 })).toBe('unavailable');
    expect([heard.length, faults]).toEqual([2, ['http-500', 'http-500']]);
  });

  it.each([
    ['does not answer', () => undefined],
    ['never ends its answer', (_: IncomingMessage, response: ServerResponse) => void response.writeHead(200).write('{"result":')],
  ] as [string, Reply][])('is unavailable, soon, when the service %s', async (_what, slow) => {
    const began = Date.now();
    expect(await check([slow], { attempts: 2, timeout: 150 })).toBe('unavailable');
    expect(Date.now() - began).toBeLessThan(2000);
    expect(faults).toEqual(['timeout', 'timeout']);
  });

  it('takes a later answer after a broken connection', async () => {
    expect(await check([(request) => void request.socket.destroy(), result('nameDiffers')])).toBe('nameDiffers');
    expect(faults).toEqual(['network']);
  });

  it('is unavailable when nobody listens', async () => {
    expect(await check([], { url: 'http://127.0.0.1:1/check', attempts: 2 })).toBe('unavailable');
    expect(faults).toEqual(['network', 'network']);
  });

  it.each([
    ['no JSON', 'matched'],
    ['null', 'null'],
    ['another shape', '{"answer":"matched"}'],
    ['a word it does not know', '{"result":"approved"}'],
    ['a list', '[{"result":"matched"}]'],
    ['nothing', ''],
    ['an answer without end', `{"result":"matched","x":"${'x'.repeat(10_000)}"}`],
  ])('takes %s as no answer, and does not ask for it again', async (_what, text) => {
    expect(await check([saying(text)])).toBe('unavailable');
    expect([heard.length, faults]).toEqual([1, ['malformed']]);
  });

  it.each([400, 401, 404, 301])('does not repeat what the service refuses with %i, and follows it nowhere else', async (status) => {
    expect(await check([(_, response) => void response.writeHead(status, { Location: `${url}/elsewhere` }).end()])).toBe('unavailable');
    expect([heard.length, faults]).toEqual([1, [`http-${status}`]]);
  });

  it('tells the log codes only: nothing of the question, the address or the reply', async () => {
    const lines: string[] = [];
    const log = { warn: (...words: unknown[]) => void lines.push(JSON.stringify(words)) };
    const echoing: Reply = (_, response) => void response.writeHead(500, student.document.number).end(heard.at(-1)?.body);
    replies = [echoing];
    const identity = identityFrom(
      { identity: { url: `${url}?key=hidden`, timeout: 10_000, attempts: 2 } },
      {} as never,
      {} as never,
      log as never,
    );
    expect(await identity.check(questionOf())).toBe('unavailable');
    expect(lines).toHaveLength(2);
    expect(lines.join()).toContain('http-500');
    for (const value of [student.name, student.document.number, 'hidden', '127.0.0.1']) expect(lines.join()).not.toContain(value);
  });
});
