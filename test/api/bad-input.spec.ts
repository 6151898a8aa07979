import { createHash, randomUUID } from 'node:crypto';
import { request as http } from 'node:http';
import { as, type ApiClient, type Answer } from '../fixtures/client.js';
import { acrossCounties, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { pdfSaying } from '../fixtures/a-pdf.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('bad input', () => {
  let system: System;
  let demo: Demonstration;
  let source: DemoOrganisation;
  let destination: DemoOrganisation;
  let clerk: ApiClient;
  let token: string;
  let evidenceId: string;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    demo = await Demonstration.of(system);
    [source, destination] = acrossCounties(demo);
    const username = demo.holder(source.id, 'schoolClerk');
    clerk = await as(system, username);
    const response = await fetch(`${system.url}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username, password: 'xueji-demo' }),
    });
    evidenceId = await clerk.evidence();
    token = ((await response.json()) as { token: string }).token;
  });
  afterAll(() => system?.stop());

  const filing = (more: object = {}) => ({
    kind: 'transfer',
    studentId: demo.students.find(({ schoolId, state }) => schoolId === source.id && state === 'active')?.id,
    details: { destinationSchoolId: destination.id },
    evidenceIds: [evidenceId],
    reason: '家庭迁居',
    ...more,
  });
  const raw = (body: string, type = 'application/json', path = '/change-requests/precheck') =>
    clerk.send('POST', path, body, { 'Content-Type': type });
  const pointersOf = ({ body }: Answer) => (body.errors as { pointer: string }[]).map(({ pointer }) => pointer).sort();

  /** Every refusal is a problem of RFC 9457 with all its members. */
  function expectProblem(answer: Answer, status: number, code: string): void {
    expect(answer).toMatchObject({ status, type: expect.stringContaining('application/problem+json') });
    expect(answer.body).toMatchObject({
      type: `/problems/${code}`,
      status,
      code,
      title: expect.any(String),
      detail: expect.any(String),
      instance: expect.stringMatching(/^\//),
    });
    expect(answer.body.traceId).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\bat .*\.js|select |insert /i);
  }

  describe('a body', () => {
    it.each(['{', '{"kind":}', 'null', '"text"', '{"a":1}}', "{'a':1}"])('%s is malformed', async (body) => {
      expectProblem(await raw(body), 400, 'malformed-json');
    });

    it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'multipart/form-data; boundary=x'])(
      'of type %s is not taken as JSON',
      async (type) => {
        expectProblem(await raw(JSON.stringify(filing()), type), 415, 'unsupported-media-type');
      },
    );

    it('in another character set than UTF-8 is not taken', async () => {
      expectProblem(await raw('{}', 'application/json; charset=gbk'), 415, 'unsupported-media-type');
    });

    it('over 1 MB is too large', async () => {
      expectProblem(await raw(JSON.stringify(filing({ reason: 'x'.repeat(1024 * 1024) }))), 413, 'payload-too-large');
    });

    it('nested without end, or with fields without number, is refused at once', async () => {
      const began = process.cpuUsage();
      const deep = (n: number) => `${'{"a":'.repeat(n)}1${'}'.repeat(n)}`;
      for (const n of [25, 10_000, 100_000]) expectProblem(await raw(`{"kind":"transfer","details":${deep(n)}}`), 400, 'bad-request');
      expectProblem(await raw('['.repeat(400_000)), 400, 'malformed-json');
      const wide = `{${Array.from({ length: 60_000 }, (_, n) => `"k${n}":1`).join()}}`;
      expectProblem(await raw(wide), 400, 'bad-request');
      expectProblem(await raw(`{"details":[${'{},'.repeat(200_000)}{}]}`), 400, 'bad-request');
      expect(process.cpuUsage(began).user / 1000).toBeLessThan(3000);
    });

    it('that is a list, or not there, is named as a whole or field by field', async () => {
      expectProblem(await raw('[]'), 422, 'invalid-input');
      expectProblem(await raw('[{}]', 'application/json', '/sessions'), 422, 'invalid-input');
      const nothing = await clerk.send('POST', '/sessions');
      expectProblem(nothing, 422, 'invalid-input');
      expect(pointersOf(nothing)).toEqual(['/password', '/username']);
    });

    it.each([
      ['an unknown field', { colour: 'red' }, '/colour'],
      ['mass assignment', { state: 'approved' }, '/state'],
      ['an unknown field within', { application: { by: 'student', on: '2026-11-23', isAdmin: true } }, '/application/isAdmin'],
      ['an unknown detail', { details: { destinationSchoolId: randomUUID(), schoolId: 1 } }, '/details/schoolId'],
      ['a list for a text', { reason: ['x'] }, '/reason'],
      ['an object for an id', { studentId: { $ne: null } }, '/studentId'],
      ['a text for a list', { evidenceIds: 'x' }, '/evidenceIds'],
      ['a number for a kind', { kind: 0 }, '/kind'],
      ['a kind of Object.prototype', { kind: 'toString' }, '/kind'],
      ['a list for details', { details: [] }, '/details'],
      ['null for details', { details: null }, '/details'],
      ['a space for a reason', { reason: ' ' }, '/reason'],
      ['a wide space for a reason', { reason: '\u3000' }, '/reason'],
      ['a full stop for a reason', { reason: '。' }, '/reason'],
      ['a year that nobody means', { details: { destinationSchoolId: randomUUID(), effectiveOn: '0000-01-01' } }, '/details/effectiveOn'],
      ['a year beyond all plans', { application: { by: 'student', on: '9999-12-31' } }, '/application/on'],
      ['an impossible date', { details: { destinationSchoolId: randomUUID(), effectiveOn: '2026-02-30' } }, '/details/effectiveOn'],
      ['a reason of 10,000 characters', { reason: 'x'.repeat(10_000) }, '/reason'],
      ['a text that turns the reading around', { reason: '同意\u202e意同不' }, '/reason'],
      ['a line break in a text of one line', { externalId: 'a\nb' }, '/externalId'],
      [
        'a character without a shape in a detail',
        { details: { destinationSchoolId: randomUUID(), className: '一\u200b班' } },
        '/details/className',
      ],
      ['a NUL character', { externalId: 'a\u0000b' }, '/externalId'],
      ['half a character', { externalId: 'a\ud800b' }, '/externalId'],
      ['half a character in a name', { details: { 'a\ud800': 1 } }, '/details/a\ud800'],
      ['the same evidence twice', { evidenceIds: [source, source].map(() => '0192f5c2-0000-7000-8000-000000000000') }, '/evidenceIds'],
    ])('with %s is refused with a pointer to it', async (_, more, pointer) => {
      const answer = await clerk.post('/change-requests', filing(more));
      expectProblem(answer, 422, 'invalid-input');
      expect(pointersOf(answer)).toEqual([pointer]);
    });

    it.each(['{"__proto__":{"isAdmin":true}}', '{"details":{"constructor":{"prototype":{"isAdmin":true}}}}', '{"a":[{"prototype":1}]}'])(
      '%s reaches no prototype',
      async (body) => {
        expectProblem(await raw(body), 422, 'invalid-input');
        expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
      },
    );

    it.each([
      ['', 'zh', '提交的内容有误。', '理由', '请填写此项。'],
      ['zh-CN,zh;q=0.9', 'zh', '提交的内容有误。', '理由', '请填写此项。'],
      ['fr', 'zh', '提交的内容有误。', '理由', '请填写此项。'],
      ['en-GB,en;q=0.8,zh;q=0.2', 'en', 'The input is not valid.', 'reason', 'is missing'],
      ['mul', 'zh, en', '提交的内容有误。 / The input is not valid.', '理由 / reason', '请填写此项。 / is missing'],
      ['*', 'zh', '提交的内容有误。', '理由', '请填写此项。'],
    ])('is answered in the language that %j asks for', async (accepted, language, title, label, detail) => {
      const body = JSON.stringify({ ...filing(), reason: undefined });
      const response = await fetch(`${system.url}/api/v1/change-requests`, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${token}`,
          'Content-Type': 'application/json',
          'Idempotency-Key': randomUUID(),
          ...(accepted ? { 'Accept-Language': accepted } : {}),
        },
        body,
      });
      expect([response.headers.get('content-language'), response.headers.get('vary')]).toEqual([
        language,
        expect.stringContaining('Accept-Language'),
      ]);
      expect(await response.json()).toMatchObject({ title, errors: [{ pointer: '/reason', label, detail }] });
    });

    it.each([
      ['/reason', { reason: '字'.repeat(2001) }, '须为 1 至 2000 个字符。'],
      ['/kind', { kind: 'promotion' }, '不在可选范围内。'],
      ['/kind', { kind: undefined }, '请填写此项。'],
      ['/evidenceIds', { evidenceIds: Array.from({ length: 51 }, () => randomUUID()) }, '最多 50 项。'],
      ['/studentId', { studentId: 'x' }, '不是有效的编号。'],
    ])('says of %s what its rule asks for, bounds included', async (pointer, more, detail) => {
      const { body } = await clerk.post<{ errors: object[] }>('/change-requests', filing(more));
      const [label, code] = [expect.stringMatching(/\p{Script=Han}/u), expect.stringMatching(/^[a-z-]+$/)];
      expect(body.errors).toContainEqual({ pointer, label, code, detail });
    });

    it('with several wrong fields has every one named at once', async () => {
      const answer = await clerk.post('/change-requests', { kind: 'promotion', studentId: 7, evidenceIds: ['x'], reason: '', extra: 1 });
      expectProblem(answer, 422, 'invalid-input');
      expect(pointersOf(answer)).toEqual(['/details', '/evidenceIds', '/extra', '/kind', '/reason', '/studentId']);
    });
  });

  describe('an address', () => {
    const ABSENT = '00000000-0000-4000-8000-000000000000';
    it.each(['/students/ID', '/students/ID/dossier', '/change-requests/ID', '/tasks/ID', '/evidence/ID', '/organisations/ID/offices'])(
      '%s with what is not an id answers as one with an id that is not there',
      async (path) => {
        const strip = ({ body }: Answer) => ({ ...body, traceId: '', instance: '' });
        const absent = await clerk.get(path.replace('ID', ABSENT));
        expectProblem(absent, 404, 'not-found');
        for (const id of ['1', 'x', `${ABSENT}0`, "1'%20or%20'1'='1", '%00', '..%2f..', '{}']) {
          const answer = await clerk.get(path.replace('ID', id));
          expectProblem(answer, 404, 'not-found');
          expect(strip(answer)).toEqual(strip(absent));
        }
      },
    );

    it('of a POST with what is not an id answers likewise', async () => {
      for (const path of [
        '/tasks/x/claim',
        '/change-requests/x/urge',
        `/organisations/${source.id}/offices/x/end`,
        '/organisations/x/offices/x/end',
      ])
        expectProblem(await clerk.post(path, path.endsWith('end') ? { reason: '调离' } : {}), 404, 'not-found');
    });

    it.each([
      '/nowhere',
      '/calendar/x',
      '/calendar/99999999999999',
      '/calendar/1800',
      '/code-sets/__proto__',
      '/change-kinds/constructor',
      '/code-sets/%00',
    ])('%s is not found', async (path) => expectProblem(await clerk.get(path), 404, 'not-found'));

    it('that cannot be decoded is a bad request', async () => {
      expectProblem(await clerk.get('/students/%E0%A4%A'), 400, 'bad-request');
    });

    it.each([
      ['DELETE', '/tasks', 'GET, HEAD'],
      ['PUT', '/change-requests', 'GET, HEAD, POST'],
      ['PATCH', `/students/${ABSENT}`, 'GET, HEAD'],
      ['GET', '/sessions', 'POST'],
      ['GET', `/tasks/${ABSENT}/decision`, 'POST'],
      ['TRACE', '/tasks', 'GET, HEAD'],
    ])('does not take %s %s, and says what it takes', async (method, path, allow) => {
      const { status, headers, body } = await new Promise<{ status?: number; headers: Record<string, unknown>; body: string }>(
        (resolve, reject) => {
          http(`${system.url}/api/v1${path}`, { method, headers: { Authorization: `Bearer ${token}` } }, (response) => {
            let text = '';
            response.on('data', (chunk: Buffer) => (text += chunk.toString()));
            response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: text }));
          })
            .on('error', reject)
            .end();
        },
      );
      expect(status).toBe(405);
      expect(headers.allow).toBe(allow);
      expectProblem(
        { status: 405, type: String(headers['content-type']), body: JSON.parse(body) as Record<string, unknown> },
        405,
        'method-not-allowed',
      );
    });

    it('keeps its method whatever a header claims', async () => {
      expect((await clerk.send('GET', '/me', undefined, { 'X-HTTP-Method-Override': 'DELETE' })).status).toBe(200);
    });
  });

  describe('a query', () => {
    it.each([
      ['/tasks?limit=1000000000', '/limit'],
      ['/tasks?limit=1e9', '/limit'],
      ['/tasks?limit=0', '/limit'],
      ['/tasks?limit=-1', '/limit'],
      ['/tasks?limit=', '/limit'],
      ['/tasks?limit=1&limit=2', '/limit'],
      ['/tasks?overdue=perhaps', '/overdue'],
      ['/tasks?state=all', '/state'],
      ['/tasks?sort=number', '/sort'],
      ['/tasks?cursor=x', '/cursor'],
      ['/tasks?cursor[]=x', '/cursor[]'],
      ['/students?schoolId=1', '/schoolId'],
      ['/students?changedSince=2026-W48', '/changedSince'],
      ['/students?changedSince=yesterday', '/changedSince'],
      ['/students?changedSince=2026-11-30T09:00:00', '/changedSince'],
      ['/students?changedSince=0000-01-01', '/changedSince'],
      ['/calendar/deadline?from=2026-02-30&workingDays=10', '/from'],
      ['/calendar/deadline?from=2026-11-23&workingDays=100000', '/workingDays'],
    ])('%s is refused with a pointer', async (path, pointer) => {
      const answer = await clerk.get(path);
      expectProblem(answer, 422, 'invalid-input');
      expect(pointersOf(answer)).toEqual([pointer]);
    });

    it('with a cursor that was altered, or is of another list, is refused', async () => {
      const { nextCursor } = (await clerk.get('/organisations?limit=2')).body as { nextCursor: string };
      expect((await clerk.get(`/organisations?limit=2&cursor=${nextCursor}`)).status).toBe(200);
      const [payload = '', signature = ''] = nextCursor.split('.');
      const forged = Buffer.from(JSON.stringify(['organisations', '999'])).toString('base64url');
      for (const cursor of [`${forged}.${signature}`, `${payload}.${'A'.repeat(22)}`, payload, `${payload}.`, `.${signature}`])
        expectProblem(await clerk.get(`/organisations?cursor=${cursor}`), 422, 'invalid-input');
      expectProblem(await clerk.get(`/students?cursor=${nextCursor}`), 422, 'invalid-input');
    });

    it('takes SQL and LIKE metacharacters as plain characters', async () => {
      const found = async (q: string) => (await clerk.get(`/organisations?q=${encodeURIComponent(q)}`)).body.items as unknown[];
      expect((await found('中等')).length).toBeGreaterThan(0);
      for (const q of ['%', '_', '%%%%%%%%%%', '\\', "' or 1=1 --", "'; drop table task; --", '中_专', '*'])
        expect(await found(q)).toEqual([]);
    });

    it('with a character that no text may hold is refused', async () => {
      expectProblem(await clerk.get('/organisations?q=%00'), 422, 'invalid-input');
      expectProblem(await clerk.get('/organisations?q=%E2%80%8B'), 422, 'invalid-input');
    });
  });

  describe('an upload', () => {
    const upload = async (content: string | Buffer, name = '证明.pdf', field = 'file', type = 'application/pdf'): Promise<Answer> => {
      const form = new FormData();
      form.append(field, new Blob([content], { type }), name);
      const response = await fetch(`${system.url}/api/v1/evidence`, {
        method: 'POST',
        body: form,
        headers: { Authorization: `Bearer ${token}` },
      });
      return {
        status: response.status,
        type: response.headers.get('content-type') ?? '',
        body: (await response.json()) as Record<string, unknown>,
      };
    };

    it('that is empty is refused', async () => {
      const answer = await upload('');
      expectProblem(answer, 422, 'invalid-input');
      expect(pointersOf(answer)).toEqual(['/file']);
    });

    it('over the limit is refused', async () => {
      expectProblem(
        await upload(Buffer.concat([Buffer.from('%PDF-1.4'), Buffer.alloc(system.config.evidenceMaxBytes)])),
        413,
        'payload-too-large',
      );
    });

    it.each([
      ['a program', Buffer.from('4d5a90000300000004000000ffff0000', 'hex')],
      ['a web page', '<!doctype html><script>alert(1)</script>'],
      ['a drawing with a script', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
      ['a GIF that is a script', 'GIF89a/*'],
      ['two bytes', 'PD'],
    ])('of %s under the name of a photograph is refused by its content', async (_, content) => {
      expectProblem(await upload(content, 'photo.jpg', 'file', 'image/jpeg'), 415, 'unsupported-media-type');
    });

    it('in another field, or of no file at all, is refused', async () => {
      expectProblem(await upload('%PDF-1.4', 'a.pdf', 'attachment'), 400, 'bad-request');
      expectProblem(await raw('{}', 'application/json', '/evidence'), 415, 'unsupported-media-type');
    });

    it('is kept byte for byte under its digest and comes down as an attachment that no browser runs', async () => {
      const content = pdfSaying(`<script>alert(1)</script> ${randomUUID()}`);
      const { status, body } = await upload(content, '../../../etc/证\u202eфайл.html', 'file', 'text/html');
      expect(status).toBe(201);
      const sha256 = createHash('sha256').update(content).digest('hex');
      expect(body).toMatchObject({ name: '证файл.html.pdf', sha256, size: Buffer.byteLength(content), type: 'application/pdf' });
      const response = await fetch(`${system.url}/api/v1/evidence/${String(body.id)}`, { headers: { Authorization: `Bearer ${token}` } });
      expect(await response.text()).toBe(content);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': 'application/pdf',
        'content-disposition': `attachment; filename="${String(body.id)}.pdf"; filename*=UTF-8''${encodeURIComponent('证файл.html.pdf')}`,
        'content-security-policy': "default-src 'none'; frame-ancestors 'self'; sandbox",
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      });
    });
  });

  it('is told and logged by its route, never by its path, and a denial by digests of name and address', async () => {
    const secret = '33010620090102304X';
    const logged = () => system.logs.map((line) => JSON.parse(line) as Record<string, unknown>);
    system.logs.length = 0;
    expect((await clerk.get(`/students/${secret}`)).body.instance).toBe('/api/v1/students/{id}');
    expect((await clerk.get(`/no-such-thing/${secret}`)).body.instance).toBe('/');
    expect((await clerk.send('POST', `/tasks/${secret}/urge`, '{', {})).body.instance).toBe('/api/v1/tasks/{id}/urge');
    const signIn = (username: string) => clerk.send('POST', '/sessions', { username, password: 'wrong' });
    for (const name of [secret, secret.toLowerCase(), 'someone.else']) expect((await signIn(name)).status).toBe(401);
    const [read, , ...refused] = logged().filter(({ msg }) => msg === 'denied');
    const digest = expect.stringMatching(/^[0-9a-f]{64}$/) as string;
    expect(read).toMatchObject({ code: 'not-found', route: '/api/v1/students/{id}', personId: expect.any(String), address: digest });
    expect(refused).toMatchObject(Array.from({ length: 3 }, () => ({ code: 'wrong-credentials', address: digest, name: digest })));
    expect(new Set(refused.map(({ name }) => name)).size).toBe(2);
    expect(logged().some(({ route, msg }) => route === '/api/v1/sessions' && msg === 'request completed')).toBe(true);
    expect(system.logs.join('')).not.toMatch(/33010620090102304|someone|127\.0\.0\.1|no-such-thing/i);
  });

  it('of another origin gets no permission to read an answer', async () => {
    for (const origin of ['https://evil.example', 'null']) {
      const response = await fetch(`${system.url}/api/v1/organisations`, { headers: { Origin: origin, Authorization: `Bearer ${token}` } });
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('never becomes an error of ours', () => {
    expect(system.logs.filter((line) => line.includes('"code":"internal"'))).toEqual([]);
  });
});
