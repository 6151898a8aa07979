import { Ajv } from 'ajv';
import { MESSAGES } from '../../src/domain/messages/messages.js';
import { KINDS } from '../../src/domain/procedure/procedure.js';
import { as, DEMO_PASSWORD } from '../fixtures/client.js';
import { acrossCounties, Demonstration } from '../fixtures/demonstration.js';
import { longSentences, textsIn } from '../fixtures/openapi-texts.js';
import { SCHEMA_OBJECT } from '../fixtures/openapi-schema.js';
import { ROUTES } from '../fixtures/routes.js';
import { startSystem, type System } from '../fixtures/system.js';

/** What is answered with a file. */
const FILES: Readonly<Record<string, string>> = {
  '/api/v1/admission-lists/template': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '/api/v1/statistics/enrolments/file': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '/api/v1/statistics/retention/file': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '/api/v1/statistics/movements/file': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '/api/v1/imports/template': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '/api/v1/imports/sheet/marked': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '/api/v1/intakes/roster-template': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '/api/v1/intakes/roster/marked': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '/api/v1/supervision/bulletin': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '/api/v1/certificates/{id}/pdf': 'application/pdf',
  '/api/v1/own-dossier/certificates/{number}/pdf': 'application/pdf',
  '/api/v1/students/{id}/record-card': 'application/pdf',
  '/api/v1/jobs/{id}/file': 'application/zip',
  '/api/v1/change-requests/{id}/form': 'application/pdf',
  '/api/v1/change-requests/{id}/transfer-letter': 'application/pdf',
  '/api/v1/students/exports': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '/api/v1/events/stream': 'text/event-stream',
  '/api/v1/evidence/{id}': 'image/png',
  '/api/v1/evidence/{id}/content': 'image/png',
  '/api/v1/evidence/{id}/thumbnail': 'image/webp',
  '/api/v1/change-kinds/{kind}/sheet': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

interface Operation {
  tags?: string[];
  summary?: string;
  parameters?: { name: string; in: string; required: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: object; example?: unknown; examples?: Record<string, { value: unknown }> }> };
  responses: Record<string, { content?: Record<string, { schema: { $ref?: string } }> }>;
  security?: object[];
}
interface Document {
  tags?: { name: string; description: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { properties: Record<string, { enum?: string[] }>; oneOf?: object[]; enum?: string[] }> };
}

/** The one example of a JSON body, or one of each kind. */
const examplesOf = (operation: Operation): unknown[] => {
  const { example, examples = {} } = operation.requestBody?.content['application/json'] ?? {};
  return example === undefined ? Object.values(examples).map(({ value }) => value) : [example];
};

interface Shape {
  properties?: Record<string, Shape>;
  example?: unknown;
}

/** The example of a schema, put together from those of its properties. */
const exampleOf = ({ properties, example }: Shape): unknown =>
  example ?? (properties && Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, exampleOf(one)])));

describe('the OpenAPI document', () => {
  let system: System;
  let document: Document;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    document = (await (await fetch(`${system.url}/openapi.json`)).json()) as Document;
  });
  afterAll(() => system?.stop());

  const operation = (method: string, path: string): Operation => {
    const found = document.paths[path]?.[method.toLowerCase()];
    if (!found) throw new Error(`no ${method} ${path}`);
    return found;
  };

  it('lists exactly the routes that outside clients rely on', () => {
    const listed = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(listed.sort()).toEqual(ROUTES.map(([method, path]) => `${method} ${path}`).sort());
  });

  it.each(ROUTES)('says of %s %s what it does, what it answers and how it refuses', (method, path) => {
    const { summary, responses } = operation(method, path);
    expect(summary?.length).toBeGreaterThan(10);
    const [status, success] = Object.entries(responses).find(([code]) => /^[23]/.test(code)) ?? [];
    const type = FILES[path] ?? 'application/json';
    if (status !== '204' && status !== '302') expect(success?.content?.[type]?.schema).toBeDefined();
    expect(responses.default).toEqual({ $ref: '#/components/responses/Refused' });
  });

  it.each(ROUTES)('asks %s %s for the idempotency key that it takes, and for no other', (method, path, key) => {
    const header = (operation(method, path).parameters ?? []).find((one) => one.in === 'header');
    if (key) expect(header).toMatchObject({ name: 'Idempotency-Key', required: true, schema: { minLength: 1, maxLength: 200 } });
    else expect(header).toBeUndefined();
  });

  it('asks for a bearer token on every route but the public ones', () => {
    const open = ROUTES.filter(([method, path]) => operation(method, path).security?.length === 0);
    expect(open.map(([method, path]) => `${method} ${path}`)).toEqual([
      'POST /api/v1/sessions',
      'GET /api/v1/browser-sessions/ways',
      'GET /api/v1/browser-sessions/oidc',
      'GET /api/v1/browser-sessions/oidc/callback',
      'GET /api/v1/demo',
      'POST /api/v1/student-sessions',
      'POST /api/v1/verifications',
    ]);
  });

  it('takes the cookie of a browser as well, for what changes something with the header of a page; students have none', () => {
    expect(operation('GET', '/api/v1/tasks').security).toEqual([{ bearer: [] }, { cookie: [] }, { serviceAccount: ['reading'] }]);
    expect(operation('POST', '/api/v1/change-requests').security).toEqual([
      { bearer: [] },
      { cookie: [], page: [] },
      { serviceAccount: ['filing'] },
    ]);
    expect(operation('PUT', '/api/v1/me/password').security).toEqual([{ bearer: [] }, { cookie: [], page: [] }]);
    expect(operation('POST', '/api/v1/browser-sessions').security).toEqual([{ page: [] }]);
    expect(operation('GET', '/api/v1/own-dossier').security).toEqual([{ bearer: [] }]);
    expect(document.components).toMatchObject({
      securitySchemes: { cookie: { in: 'cookie', name: '__Host-xueji' }, page: { in: 'header', name: 'X-Xueji-Client' } },
    });
  });

  it('resolves every reference and describes no schema as an empty object', () => {
    const references = new Set(
      [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name as string),
    );
    const described = ({ oneOf = [], enum: values = [], properties = {} }: { oneOf?: object[]; enum?: string[]; properties?: object }) =>
      oneOf.length + values.length + Object.keys(properties).length;
    expect([...references].filter((name) => described(document.components.schemas[name] ?? {}) === 0)).toEqual([]);
    expect(references.size).toBeGreaterThan(20);
  });

  it('has no schema, of a component or beside it, that OpenAPI does not know', () => {
    const ajv = new Ajv({ strict: false }).addSchema(SCHEMA_OBJECT);
    const beside = ROUTES.flatMap(([method, path]) => {
      const { parameters = [], requestBody, responses } = operation(method, path);
      const contents = [requestBody, ...Object.values(responses)].flatMap((one) => Object.values(one?.content ?? {}));
      return [...parameters, ...contents].map(({ schema }, i) => [`${method} ${path} ${i}`, schema] as const);
    });
    const all = [...Object.entries(document.components.schemas), ...beside];
    expect(all.length).toBeGreaterThan(400);
    const wrong = all.flatMap(([name, schema]) => (ajv.validate('schema-object', schema) ? [] : [`${name}: ${ajv.errorsText()}`]));
    expect(wrong).toEqual([]);
  });

  it('says one fact a sentence: none has more than 25 words', () => {
    const texts = textsIn(document);
    expect(texts.length).toBeGreaterThan(800);
    expect(texts.flatMap(([way, text]) => longSentences(text).map((sentence) => `${way}: ${sentence}`))).toEqual([]);
  });

  it('would notice a sentence of 26 words', () => {
    const words = (n: number) => Array.from({ length: n }, () => 'word').join(' ');
    expect(longSentences(`Short. ${words(25)}. 1. ${words(20)}.`)).toEqual([]);
    expect(
      textsIn({ paths: { '/a': { get: { summary: `Short. ${words(26)}.` } } } }).flatMap(([, text]) => longSentences(text)),
    ).toHaveLength(1);
  });

  it('has every tag in the order of reading, with what it stands for', () => {
    const told = document.tags?.map(({ name }) => name) ?? [];
    const used = Object.values(document.paths).flatMap((methods) => Object.values(methods).flatMap(({ tags = [] }) => tags));
    expect([...new Set(used)].sort()).toEqual([...told].sort());
    expect(told.slice(0, 2)).toEqual(['access', 'change requests']);
  });

  it('lists every problem code', () => {
    expect(document.components.schemas.Problem?.properties.code?.enum?.sort()).toEqual(Object.keys(MESSAGES).sort());
  });

  it('has an example of every JSON body that passes the check of its shape', async () => {
    const demo = await Demonstration.of(system);
    const clerk = await as(system, demo.holder(acrossCounties(demo)[0].id, 'schoolClerk'));
    const bodies = ROUTES.filter(([method, path]) => operation(method, path).requestBody?.content['application/json']);
    expect(bodies.length).toBeGreaterThan(8);
    for (const [method, path] of bodies) {
      const address = path.replace('/api/v1', '').replace(/\{\w+\}/g, '0192f5c2-0000-7000-8000-000000000009');
      const examples = examplesOf(operation(method, path));
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) {
        expect(typeof example).toBe('object');
        const { status, body } = await clerk.post(address, example as object);
        expect([path, body.code]).not.toEqual([path, 'invalid-input']);
        expect(status).toBeLessThan(500);
        expect([400, 415]).not.toContain(status);
      }
    }
  });

  it.each(KINDS)('describes the details of %s in one schema, whose examples pass the check of a filing', async (kind) => {
    const demo = await Demonstration.of(system);
    const school = acrossCounties(demo)[0].id;
    const clerk = await as(system, demo.holder(school, 'schoolClerk'));
    const { detailsSchema } = (await clerk.get<{ detailsSchema: Shape }>(`/change-kinds/${kind}`)).body;
    const details = exampleOf(detailsSchema);
    expect([new Ajv({ strict: false, validateFormats: false }).validate(detailsSchema, details), JSON.stringify(detailsSchema)]).toEqual([
      true,
      expect.not.stringContaining('$ref'),
    ]);
    const studentId = kind === 'crossTrackTransfer' ? undefined : demo.student(school);
    expect(await clerk.post('/change-requests/precheck', { kind, studentId, details })).toMatchObject({ status: 200 });
  });

  it('has an example of signing in that is an account of the demonstration', async () => {
    const { content } = operation('POST', '/api/v1/sessions').requestBody ?? { content: {} };
    expect(content['application/json']?.example).toMatchObject({ password: DEMO_PASSWORD });
    const response = await fetch(`${system.url}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(content['application/json']?.example),
    });
    expect(response.status).toBe(201);
  });

  it('leads people on: a page for each problem in the language asked for, and one that lists what there is', async () => {
    const read = async (path: string, language = 'zh') => {
      const response = await fetch(`${system.url}${path}`, { headers: { 'Accept-Language': language } });
      return [response.status, response.headers.get('content-language'), await response.text()] as const;
    };
    expect(await read('/problems/separation-of-duties')).toEqual([200, 'zh', expect.stringContaining(MESSAGES['separation-of-duties'].zh)]);
    expect(await read('/problems/busy', 'en')).toEqual([200, 'en', expect.stringContaining('same idempotency key')]);
    expect(await read('/problems/no-such-thing')).toEqual([404, 'zh', expect.not.stringContaining('no-such-thing')]);
    for (const link of ['/docs', '/openapi.json', '/problems', '/verify']) expect((await read('/links'))[2]).toContain(`href="${link}"`);
  });

  it('travels compressed to whoever accepts that, and is read by pages of no other origin', async () => {
    const ask = (headers: Record<string, string>) => fetch(`${system.url}/openapi.json`, { headers });
    const [packed, plain] = [
      await ask({ 'Accept-Encoding': 'gzip' }),
      await ask({ 'Accept-Encoding': 'identity', Origin: 'https://elsewhere.example' }),
    ];
    expect([packed, plain].map(({ headers }) => headers.get('content-encoding'))).toEqual(['gzip', null]);
    expect(await packed.json()).toEqual(await plain.json());
    expect(plain.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('is shown to people at /docs', async () => {
    const response = await fetch(`${system.url}/docs`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
  });
});
