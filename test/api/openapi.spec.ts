import { Ajv } from 'ajv';
import { MESSAGES } from '../../src/domain/messages/messages.js';
import { KINDS } from '../../src/domain/procedure/procedure.js';
import { as, DEMO_PASSWORD } from '../fixtures/client.js';
import { acrossCounties, Demonstration } from '../fixtures/demonstration.js';
import { longSentences, textsIn } from '../fixtures/openapi-texts.js';
import { SCHEMA_OBJECT } from '../fixtures/openapi-schema.js';
import { startSystem, type System } from '../fixtures/system.js';

/** The names that outside clients rely on, as far as they exist. `key`: takes an Idempotency-Key. */
const ROUTES = `
  POST   /api/v1/sessions
  DELETE /api/v1/sessions/current
  GET    /api/v1/me
  PUT    /api/v1/me/password
  GET    /api/v1/me/proxies
  POST   /api/v1/me/proxies                                    key
  POST   /api/v1/me/proxies/{id}/end                           key
  GET    /api/v1/demo
  GET    /api/v1/organisations
  GET    /api/v1/organisations/{id}/offices
  POST   /api/v1/organisations/{id}/offices                    key
  POST   /api/v1/organisations/{id}/offices/{officeId}/end     key
  GET    /api/v1/office-grants
  POST   /api/v1/office-grants/{id}/confirmation               key
  POST   /api/v1/office-grants/{id}/refusal                    key
  GET    /api/v1/organisations/{id}/people
  POST   /api/v1/organisations/{id}/people                     key
  POST   /api/v1/people/{id}/disabling                         key
  POST   /api/v1/people/{id}/enabling                          key
  POST   /api/v1/people/{id}/password-reset                    key
  POST   /api/v1/people/{id}/subject                           key
  GET    /api/v1/organisation-changes
  POST   /api/v1/organisation-changes                          key
  GET    /api/v1/organisation-changes/{id}
  POST   /api/v1/organisation-changes/{id}/cohort-transfers    key
  GET    /api/v1/joint-programmes
  POST   /api/v1/joint-programmes                              key
  GET    /api/v1/joint-programmes/{id}
  POST   /api/v1/joint-programmes/{id}/cohort-transfers        key
  GET    /api/v1/late-windows
  POST   /api/v1/late-windows                                  key
  POST   /api/v1/late-windows/{id}/closing                     key
  GET    /api/v1/organisations/{id}/majors
  POST   /api/v1/organisations/{id}/majors                     key
  GET    /api/v1/organisations/{id}/heads
  POST   /api/v1/organisations/{id}/heads                      key
  GET    /api/v1/code-sets
  GET    /api/v1/code-sets/{name}
  GET    /api/v1/code-sets/{name}/versions
  POST   /api/v1/code-sets/{name}/versions                     key
  POST   /api/v1/code-sets/{name}/versions/preview
  GET    /api/v1/code-sets/{name}/versions/{version}
  POST   /api/v1/code-sets/{name}/versions/{version}/activation key
  POST   /api/v1/code-sets/{name}/versions/{version}/withdrawal key
  GET    /api/v1/certificates
  POST   /api/v1/certificates                                  key
  GET    /api/v1/certificates/archive
  GET    /api/v1/certificates/{id}
  GET    /api/v1/certificates/{id}/pdf
  GET    /api/v1/certificates/{id}/signature
  POST   /api/v1/certificates/{id}/voiding                     key
  POST   /api/v1/certificates/{id}/handing-over                key
  POST   /api/v1/students/{id}/attestations                    key
  POST   /api/v1/students/{id}/sign-in-codes                   key
  GET    /api/v1/students/{id}/objections
  POST   /api/v1/student-sessions
  DELETE /api/v1/student-sessions/current
  GET    /api/v1/own-dossier
  GET    /api/v1/own-dossier/queries
  POST   /api/v1/own-dossier/objections
  POST   /api/v1/verification-codes
  DELETE /api/v1/verification-codes/{id}
  POST   /api/v1/verifications
  POST   /api/v1/evidence
  GET    /api/v1/evidence/{id}
  GET    /api/v1/change-kinds/{kind}
  GET    /api/v1/change-kinds/{kind}/sheet
  POST   /api/v1/change-requests/batch                         key
  POST   /api/v1/change-requests/batch/sheet                   key
  POST   /api/v1/change-requests                               key
  POST   /api/v1/change-requests/precheck
  GET    /api/v1/change-requests
  GET    /api/v1/change-requests/{id}
  POST   /api/v1/change-requests/{id}/recall                   key
  POST   /api/v1/change-requests/{id}/supplement               key
  POST   /api/v1/change-requests/{id}/urge                     key
  POST   /api/v1/change-requests/{id}/cancellation             key
  POST   /api/v1/change-requests/{id}/pause                    key
  POST   /api/v1/change-requests/{id}/continuation             key
  POST   /api/v1/change-requests/{id}/deadline                 key
  POST   /api/v1/change-requests/{id}/reroute                  key
  POST   /api/v1/change-requests/{id}/retry                    key
  POST   /api/v1/change-requests/{id}/comments                 key
  POST   /api/v1/change-requests/{id}/objections               key
  POST   /api/v1/change-requests/{id}/copies                   key
  POST   /api/v1/tasks/{id}/consultations                      key
  GET    /api/v1/consultations
  POST   /api/v1/consultations/{id}/answer                     key
  GET    /api/v1/filing-notices
  POST   /api/v1/filing-notices/{id}/receipt                   key
  POST   /api/v1/filing-notices/{id}/query                     key
  POST   /api/v1/filing-notices/{id}/answer                    key
  POST   /api/v1/operations/reroutes                           key
  GET    /api/v1/operations/incidents
  GET    /api/v1/tasks
  GET    /api/v1/tasks/{id}
  POST   /api/v1/tasks/{id}/decision                           key
  POST   /api/v1/tasks/{id}/claim                              key
  POST   /api/v1/tasks/{id}/release                            key
  POST   /api/v1/tasks/{id}/reassignment                       key
  POST   /api/v1/tasks/{id}/urge                               key
  POST   /api/v1/tasks/{id}/urge/answer                        key
  POST   /api/v1/tasks/{id}/retraction                         key
  POST   /api/v1/tasks/{id}/delegation                         key
  POST   /api/v1/tasks/{id}/delegation/answer                  key
  POST   /api/v1/tasks/{id}/delegation/withdrawal              key
  POST   /api/v1/tasks/decisions                               key
  GET    /api/v1/intakes
  POST   /api/v1/intakes                                       key
  GET    /api/v1/intakes/{id}
  GET    /api/v1/intakes/{id}/rows
  POST   /api/v1/intakes/{id}/rows                             key
  POST   /api/v1/intakes/{id}/submission                       key
  POST   /api/v1/registrations                                 key
  GET    /api/v1/registrations
  GET    /api/v1/registrations/{id}
  POST   /api/v1/registrations/{id}/attestation                key
  GET    /api/v1/schools/{id}/terms/{term}
  GET    /api/v1/schools/{id}/classes
  POST   /api/v1/schools/{id}/classes                          key
  PATCH  /api/v1/schools/{id}/classes/{classId}                key
  POST   /api/v1/schools/{id}/classes/{classId}/students       key
  POST   /api/v1/schools/{id}/classes/{classId}/merger         key
  POST   /api/v1/schools/{id}/classes/{classId}/closure        key
  GET    /api/v1/schools/{id}/terms/{term}/unregistered
  POST   /api/v1/schools/{id}/terms/{term}/first-day           key
  POST   /api/v1/schools/{id}/terms/{term}/registrations       key
  POST   /api/v1/schools/{id}/terms/{term}/registrations/retraction key
  GET    /api/v1/students
  POST   /api/v1/students/lookup
  POST   /api/v1/students/search
  POST   /api/v1/students/exports                   key
  POST   /api/v1/students/{id}/unmaskings           key
  GET    /api/v1/students/{id}
  GET    /api/v1/students/{id}/dossier
  GET    /api/v1/students/{id}/access
  POST   /api/v1/orders                                        key
  GET    /api/v1/orders
  GET    /api/v1/orders/{id}
  POST   /api/v1/orders/{id}/reply                             key
  POST   /api/v1/orders/{id}/ruling                            key
  POST   /api/v1/orders/{id}/withdrawal                        key
  POST   /api/v1/graduations                                   key
  GET    /api/v1/graduations
  POST   /api/v1/graduations/conversions                       key
  GET    /api/v1/graduations/{id}
  GET    /api/v1/graduations/{id}/members
  POST   /api/v1/graduations/{id}/submission                   key
  POST   /api/v1/irregularities                                key
  GET    /api/v1/irregularities
  GET    /api/v1/irregularities/{id}
  POST   /api/v1/irregularities/{id}/outcome                   key
  GET    /api/v1/supervision/overdue
  GET    /api/v1/supervision/overdue/tasks
  GET    /api/v1/supervision/stale
  GET    /api/v1/supervision/urges
  GET    /api/v1/supervision/terms
  GET    /api/v1/supervision/unmaskings
  GET    /api/v1/supervision/bulletin
  POST   /api/v1/admission-lists                               key
  POST   /api/v1/admission-lists/sheet                         key
  GET    /api/v1/admission-lists
  GET    /api/v1/admission-lists/template
  GET    /api/v1/admission-lists/{id}
  GET    /api/v1/admission-lists/{id}/people
  POST   /api/v1/admission-lists/{id}/withdrawal               key
  GET    /api/v1/statistics/enrolments
  GET    /api/v1/statistics/enrolments/file
  GET    /api/v1/statistics/movements
  GET    /api/v1/statistics/movements/file
  PATCH  /api/v1/students/{id}/contact                         key
  GET    /api/v1/calendar/{year}
  GET    /api/v1/calendar/deadline
  POST   /api/v1/calendar/amendments                           key
  GET    /api/v1/calendar/amendments
  GET    /api/v1/calendar/amendments/{id}
  POST   /api/v1/calendar/amendments/{id}/approval             key
  POST   /api/v1/calendar/amendments/{id}/withdrawal           key
  GET    /api/v1/policies/schema
  GET    /api/v1/policies
  POST   /api/v1/policies                                      key
  GET    /api/v1/policies/{id}/versions/{version}
  POST   /api/v1/policies/{id}/versions/{version}/preview
  POST   /api/v1/policies/{id}/versions/{version}/activation   key
  POST   /api/v1/policies/{id}/versions/{version}/rebasing     key
  POST   /api/v1/policies/{id}/versions/{version}/revocation   key
  GET    /api/v1/events
  GET    /api/v1/notifications
  POST   /api/v1/notifications/read
  GET    /api/v1/notifications/preferences
  PUT    /api/v1/notifications/preferences
  GET    /api/v1/webhooks
  POST   /api/v1/webhooks                                      key
  DELETE /api/v1/webhooks/{id}                                 key
  GET    /api/v1/webhooks/{id}/deliveries
  POST   /api/v1/webhooks/{id}/resume                          key
  POST   /api/v1/webhooks/{id}/replay                          key
  POST   /api/v1/calendar/notices
  GET    /api/v1/tasks/{id}/clock
  GET    /api/v1/tasks/{id}/subject
  POST   /api/v1/tasks/search
  POST   /api/v1/change-requests/search
  GET    /api/v1/me/summary
  POST   /api/v1/codec/decode`
  .trim()
  .split('\n')
  .map((line) => [...line.trim().split(/\s+/), ''].slice(0, 3) as [method: string, path: string, key: string]);

/** What is answered with a file. */
const FILES: Readonly<Record<string, string>> = {
  '/api/v1/admission-lists/template': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '/api/v1/statistics/enrolments/file': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '/api/v1/statistics/movements/file': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '/api/v1/supervision/bulletin': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '/api/v1/certificates/{id}/pdf': 'application/pdf',
  '/api/v1/certificates/archive': 'application/zip',
  '/api/v1/students/exports': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '/api/v1/evidence/{id}': 'image/png',
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
  components: { schemas: Record<string, { properties: Record<string, { enum?: string[] }>; oneOf?: object[] }> };
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
    const [status, success] = Object.entries(responses).find(([code]) => code.startsWith('2')) ?? [];
    const type = FILES[path] ?? 'application/json';
    if (status !== '204') expect(success?.content?.[type]?.schema).toBeDefined();
    expect(responses.default?.content?.['application/problem+json']?.schema).toEqual({ $ref: '#/components/schemas/Problem' });
  });

  it.each(ROUTES)('asks %s %s for the idempotency key that it takes, and for no other', (method, path, key) => {
    const header = (operation(method, path).parameters ?? []).find((one) => one.in === 'header');
    if (key) expect(header).toMatchObject({ name: 'Idempotency-Key', required: true, schema: { minLength: 1, maxLength: 200 } });
    else expect(header).toBeUndefined();
  });

  it('asks for a bearer token on every route but the public ones', () => {
    const open = ROUTES.filter(([method, path]) => !operation(method, path).security);
    expect(open.map(([method, path]) => `${method} ${path}`)).toEqual([
      'POST /api/v1/sessions',
      'GET /api/v1/demo',
      'POST /api/v1/student-sessions',
      'POST /api/v1/verifications',
    ]);
  });

  it('resolves every reference and describes no schema as an empty object', () => {
    const references = new Set(
      [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name as string),
    );
    const described = ({ oneOf = [], properties = {} }: { oneOf?: object[]; properties?: object }) =>
      oneOf.length + Object.keys(properties).length;
    expect([...references].filter((name) => described(document.components.schemas[name] ?? {}) === 0)).toEqual([]);
    expect(references.size).toBeGreaterThan(20);
  });

  it('has no schema, of a component or beside it, that OpenAPI 3.0 does not know', () => {
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

  it('is shown to people at /docs', async () => {
    const response = await fetch(`${system.url}/docs`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
  });
});
