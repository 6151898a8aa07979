import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { CLIENT_HEADER } from '../platform/access/browser.js';
import { Problem, problemView } from '../platform/http/problem.js';
import { Schemas } from '../platform/http/schemas.js';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { MESSAGES } from '../domain/messages/messages.js';
import { describeByKind } from './bodies-by-kind.js';
import { DETAILS_INPUT } from '../requests/details.js';
import { SHARED_SETS } from './closed-sets.js';
import type { DeclaredRoute } from './declared-routes.js';
import { describeFields, describeParameter, type SchemaMap } from './field-formats.js';
import { readById } from './made-at.js';
import { describeAnswers, REFUSED, type Operation } from './operation-answers.js';
import { operationName } from './operation-names.js';
import { RELEASE } from './release.js';

type Schema = SchemaMap[string];
type Security = NonNullable<Operation['security']>;

/** What stands where, in the order of reading: from signing in to what operators do. */
const TAGS: readonly (readonly [tag: string, description: string])[] = [
  ['access', '登录与本人 signing in, and the caller'],
  ['change requests', '异动申请 filing, following and the filer’s moves'],
  ['tasks', '审核任务 what an office has to decide'],
  ['students', '学生与学籍档案 students and their dossiers'],
  ['certificates', '学历证书 certificates, attestations and letters'],
  ['own dossier', '本人学籍 what students and guardians see and do by a session of their own'],
  ['verifications', '学历与在读核验 what anybody verifies'],
  ['imports', '导入 students, graduates, past changes and certificates from before the system'],
  ['intakes', '招生批次 new students in lists, from entry to formal numbers'],
  ['registrations', '新生注册 entering students'],
  ['classes', '班级 the classes of a school, and who is in them'],
  ['terms', '学期注册 the registration of a term'],
  ['graduations', '毕业结业 how students leave, and conversions 结业→毕业'],
  ['data checks', '数据核查 what rules doubt, what schools answer, and what they state of their data'],
  ['subsidies', '资助 who is in full-time study, for 免学费 and 国家助学金'],
  ['evidence', '证明材料 files beside a request'],
  ['notifications', '通知 what the caller is told'],
  ['events', '事件与回调 the feed, and webhooks'],
  ['supervision', '督办 what is overdue, orders, irregularities'],
  ['statistics', '统计 figures of enrolments on a day, and of what moved in a school year'],
  ['jobs', '后台作业 what takes longer than an answer may'],
  ['filing notices', '备案 reports of transfers between provinces'],
  ['joint programmes', '联合办学 programmes of several schools'],
  ['organisations', '机构与任职 organisations, offices, mergers and closures'],
  ['people', '账号 accounts'],
  ['service accounts', '服务账号 accounts of programs, by keys issued here or tokens of the configured issuer'],
  ['code sets', '代码集与专业目录 code sets and catalogues of majors'],
  ['calendar', '工作日历 working days'],
  ['policies', '政策 the rules of a province'],
  ['operations', '运维 what operators do'],
  ['demonstration', '演示 the demonstration alone'],
];

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const REFERENCE = /#\/components\/schemas\/(\w+)/g;
const PREFIX = '/api/v1';

/** The document of an application: what Nest reads of the controllers and their classes, with what holds of every route and field. */
export function documentOf(app: INestApplication, routes: readonly DeclaredRoute[]): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('xueji 学籍')
    .setDescription(
      '中等职业学校学生学籍异动 Status changes of secondary vocational students. ' +
        'Errors are RFC 9457 problems; every code is listed at the schema Problem. ' +
        'Texts are Chinese, or English by `Accept-Language: en`, or both by `Accept-Language: mul`. ' +
        'R-… and A… name rules and readings of the regulation: docs/regulation.md.',
    )
    .setVersion(RELEASE)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', '本系统 This installation')
    .addBearerAuth({
      type: 'http',
      scheme: 'bearer',
      description: '登录会话或统一身份认证的令牌 a session, or a token of the configured issuer',
    })
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'xjk_…',
        description: '服务账号的密钥；列出的是所需范围 the key of a service account; the area that it needs is listed',
      },
      'serviceAccount',
    )
    .addApiKey({ type: 'apiKey', in: 'cookie', name: '__Host-xueji', description: '网页会话 the session of a browser' }, 'cookie')
    .addApiKey(
      { type: 'apiKey', in: 'header', name: CLIENT_HEADER, description: '`workbench`: 由本系统网页发出 from a page of ours' },
      'page',
    );
  for (const [tag, description] of TAGS) builder.addTag(tag, description);
  return described(SwaggerModule.createDocument(app, builder.build()), routes);
}

/** The document at /openapi.json and /docs. */
export function serveOpenApi(app: INestApplication, routes: readonly DeclaredRoute[]): void {
  let made: OpenAPIObject | undefined;
  const document = () => (made ??= documentOf(app, routes));
  app.get(Schemas).serve(document);
  SwaggerModule.setup('docs', app, document, { jsonDocumentUrl: 'openapi.json' });
}

const PROBLEM = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'traceId'],
  properties: {
    type: { type: 'string', description: '`/problems/` and the code' },
    title: { type: 'string', description: '所请求的语言 in the language that `Accept-Language` asks for; `mul` asks for both' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string', description: 'the route that was asked for' },
    code: { type: 'string', enum: Object.keys(MESSAGES) },
    traceId: { type: 'string', description: 'of the line in the log' },
    errors: {
      type: 'array',
      description: 'of invalid input, each field by its JSON pointer, with its name for people',
      items: {
        type: 'object',
        required: ['pointer', 'label', 'code', 'detail'],
        properties: {
          pointer: { type: 'string', description: 'JSON pointer into what was sent' },
          label: { type: 'string', description: 'what people call the field' },
          code: { type: 'string', description: 'which fault it is: of a field, or a problem code' },
          detail: { type: 'string' },
        },
      },
    },
    blockers: { type: 'array', description: 'why a change cannot be filed', items: { $ref: '#/components/schemas/BlockerAnswer' } },
  },
  example: {
    ...problemView(new Problem('invalid-input', { errors: [{ pointer: '/opinion', detail: FIELD_FAULTS.notText }] })),
    instance: '/api/v1/tasks/5cca9656-2893-595d-8a3f-f900c52b0f24/decision',
    traceId: '7f0c2f4e-6f0a-4b5e-9a53-1d2f3c4b5a69',
  },
} as const;

/** What one item of a batch is refused with: a problem, whose request is that of the whole batch. */
const { instance: _instance, traceId: _traceId, ...ITEM_FACTS } = PROBLEM.properties;
const ITEM_PROBLEM = { type: 'object', required: ['type', 'title', 'status', 'detail', 'code'], properties: ITEM_FACTS } as const;

/**
 * What holds of every route and field: formats, closed sets, names of operations, statuses, headers, problems and examples. `x-may-call`
 * says who may call it.
 */
function described(document: OpenAPIObject, routes: readonly DeclaredRoute[]): OpenAPIObject {
  const shared = Object.entries(SHARED_SETS).map(([name, values]) => [name, { type: 'string', enum: [...values] }] as const);
  const schemas: SchemaMap = {
    ...document.components?.schemas,
    ...Object.fromEntries(shared),
    Problem: { ...PROBLEM, required: [...PROBLEM.required] } as never,
    ItemProblem: { ...ITEM_PROBLEM, required: [...ITEM_PROBLEM.required] } as never,
  };
  document.components = { ...document.components, schemas, responses: REFUSED };
  const operations = routes.flatMap((route) => {
    const method = METHODS.find((one) => one === route.method.toLowerCase());
    const operation = method && document.paths[`${PREFIX}${route.path}`]?.[method];
    return operation ? [{ route, operation }] : [];
  });
  describeFields(schemas, inputsOf(operations, schemas));
  describeByKind(schemas);
  const read = readById(routes);
  for (const { route, operation } of operations) {
    operation.operationId = operationName(route);
    for (const parameter of operation.parameters ?? []) if ('in' in parameter) describeParameter(parameter, route.given);
    describeAnswers({ operation, path: route.path, isRead: read.has(route.path), schemas });
    withExample(operation, document);
    Object.assign(operation, { 'x-may-call': route.mayCall });
    operation.security = securityOf(operation, route);
  }
  document.components.schemas = usedOf(document, schemas);
  withoutNullable(document);
  document.openapi = '3.1.0';
  return document;
}

/**
 * Whoever is let in by a bearer token is by the cookie of a browser too; what changes something comes from a page then. A program is let in
 * by its key, where the account has the area.
 */
function securityOf({ security = [] }: Operation, { method, mayCall, area }: DeclaredRoute): Security {
  if (security.length === 0 || mayCall?.by === 'everybody' || mayCall?.by === 'student') return security;
  const byService = area === undefined ? [] : [{ serviceAccount: area === 'always' ? [] : [area] }];
  return [...security, method === 'GET' ? { cookie: [] } : { cookie: [], page: [] }, ...byService];
}

/**
 * What may be null says so as JSON Schema does. Nest writes `nullable` as OpenAPI 3.0 has it, which beside a reference allows no null.
 */
function withoutNullable(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Object.values(value).forEach(withoutNullable);
  const schema = value as { nullable?: unknown; type?: unknown; allOf?: unknown[]; anyOf?: unknown[]; enum?: unknown[] };
  if (schema.nullable !== true) return;
  delete schema.nullable;
  if (schema.allOf) {
    schema.anyOf = [...schema.allOf, { type: 'null' }];
    delete schema.allOf;
    delete schema.type;
  } else schema.type = [schema.type, 'null'];
  // A list of its own: the product's rules read the same constants.
  if (schema.enum && !schema.enum.includes(null)) schema.enum = [...schema.enum, null];
}

/** The schemas that the document refers to, and those that answers describe. */
function usedOf(document: OpenAPIObject, schemas: SchemaMap): SchemaMap {
  const text = JSON.stringify({ ...document, components: { ...document.components, schemas: {} } });
  const found = new Set([...text.matchAll(REFERENCE)].map(([, name]) => name ?? ''));
  for (const name of found) for (const [, inner] of JSON.stringify(schemas[name] ?? {}).matchAll(REFERENCE)) found.add(inner ?? '');
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => found.has(name)));
}

/** The schemas of which bodies are made. */
function inputsOf(operations: readonly { operation: Operation }[], schemas: SchemaMap): ReadonlySet<string> {
  const found = new Set<string>();
  const left: unknown[] = [
    ...operations.map(({ operation }) => operation.requestBody),
    ...Object.values(DETAILS_INPUT).map(({ name }) => schemas[name]),
  ];
  for (const { name } of Object.values(DETAILS_INPUT)) found.add(name);
  for (let one = left.pop(); left.length > 0 || one !== undefined; one = left.pop()) {
    if (typeof one !== 'object' || one === null) continue;
    const name = '$ref' in one ? String(one.$ref).split('/').at(-1) : undefined;
    if (name === undefined) left.push(...Object.values(one));
    else if (!found.has(name)) {
      found.add(name);
      left.push(schemas[name]);
    }
  }
  return found;
}

/** A whole example beside each JSON body, made of the examples of its fields; of a body with a kind one of each. */
function withExample({ requestBody }: Operation, document: OpenAPIObject): void {
  const json = requestBody && 'content' in requestBody ? requestBody.content['application/json'] : undefined;
  const all = document.components?.schemas ?? {};
  if (!json?.schema) return;
  const mapping = kindsOf(json.schema, all);
  if (mapping)
    json.examples = Object.fromEntries(Object.entries(mapping).map(([kind, $ref]) => [kind, { value: exampleOf({ $ref }, all) }]));
  else json.example = exampleOf(json.schema, all);
}

/** The schema of each kind, by the kind, when the body has one. */
function kindsOf(schema: Schema, all: Readonly<Record<string, Schema>>): Readonly<Record<string, string>> | undefined {
  if ('$ref' in schema) return kindsOf(all[schema.$ref.split('/').at(-1) ?? ''] ?? {}, all);
  return schema.discriminator?.mapping;
}

/** An example of a schema: its own, else of its required fields and of those that have one. */
function exampleOf(schema: Schema, all: Readonly<Record<string, Schema>>): unknown {
  if ('$ref' in schema) return exampleOf(all[schema.$ref.split('/').at(-1) ?? ''] ?? {}, all);
  if (schema.example !== undefined) return schema.example as unknown;
  const [one] = schema.allOf ?? schema.oneOf ?? [];
  if (one) return exampleOf(one, all);
  if (schema.enum) return schema.enum[0] as unknown;
  if (schema.format === 'uuid') return '0192f5c2-0000-7000-8000-000000000000';
  if (schema.type === 'array') return schema.items ? [exampleOf(schema.items, all)] : [];
  if (schema.type === 'number' || schema.type === 'integer') return schema.minimum ?? 0;
  if (schema.type !== 'object') return schema.type === 'boolean' ? false : '…';
  const shown = Object.entries<Schema>(schema.properties ?? {}).filter(
    ([name, field]) => schema.required?.includes(name) || 'example' in field,
  );
  return Object.fromEntries(shown.map(([name, field]) => [name, exampleOf(field, all)]));
}
