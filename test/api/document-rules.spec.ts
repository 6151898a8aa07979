/** What holds of every operation, parameter and field of the OpenAPI document: a new one that breaks a rule is named here. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { OpenAPIObject } from '@nestjs/swagger';
import { getMetadataStorage } from 'class-validator';
import { apiDocument } from '../../src/app/app.js';
import { EARLY_GROUNDS } from '../../src/domain/graduation/outcomes.js';
import { Problem } from '../../src/platform/http/problem.js';
import { validationPipe } from '../../src/platform/http/validation.js';
import { changesBetween, type Contract } from '../fixtures/openapi-changes.js';

interface Schema {
  readonly type?: string | string[];
  readonly format?: string;
  readonly enum?: unknown[];
  readonly allOf?: unknown[];
  readonly anyOf?: unknown[];
  readonly items?: Schema;
  readonly example?: unknown;
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}
interface Answer {
  readonly $ref?: string;
  readonly description?: string;
  readonly headers?: Readonly<Record<string, { readonly description?: string; readonly schema?: object }>>;
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}
interface Operation {
  readonly operationId: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: object;
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, Answer>>;
}

/** Codes of which policies, or the product's own rules, have as many as they like. */
const OPEN_CODES = [
  'BrowserCredentials.password',
  'Credentials.password',
  'PasswordChange.currentPassword',
  'NamedPolicy.id',
  'ImportRowView.cause',
  'IntakeRowView.cause',
  'HoldOfNotification.cause',
  'HoldView.cause',
  'JobFaultView.code',
  'JobView.kind',
  'TimelineEntry.answer',
  'KindEvidenceItemView.id',
  'KindEvidenceItemView.grounds',
  'KindPreconditionView.rule',
  'BlockerAnswer.item',
  'ItemName.item',
  'ProofInput.item',
  'ProofView.item',
];
/** Numbers that are no counts. */
const FRACTIONS = ['lengthYears', 'progress', 'rate'];
/** Ids that others gave, or that policies name. */
const FOREIGN_IDS = ['externalId', 'runId', 'traceId', 'workflowId', 'PolicyDetail.id', 'PolicyVersionName.id', 'PolicyView.id'];

describe('the OpenAPI document', () => {
  let document: OpenAPIObject;
  let operations: (readonly [where: string, operation: Operation])[];
  let fields: (readonly [where: string, name: string, field: Schema])[];
  beforeAll(async () => {
    document = JSON.parse(JSON.stringify(await apiDocument())) as OpenAPIObject;
    operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item as Record<string, Operation>).map(([method, one]) => [`${method.toUpperCase()} ${path}`, one] as const),
    );
    const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
    const asked = operations.flatMap(([where, { parameters = [] }]) =>
      parameters.filter((one) => one.in !== 'header').map((one) => [where, one.name, one.schema] as const),
    );
    const said = Object.entries(schemas).flatMap(([owner, { properties = {} }]) =>
      Object.entries(properties).map(([name, field]) => [`${owner}.${name}`, name, field] as const),
    );
    fields = [...asked, ...said];
  });

  const value = (field: Schema): Schema => field.items ?? field;
  const isText = (field: Schema): boolean => [value(field).type].flat().includes('string');
  const shown = ({ example }: Schema): string => {
    const one: unknown = Array.isArray(example) ? example[0] : example;
    return typeof one === 'string' ? one : '';
  };
  const where = (those: readonly (readonly [string, string, Schema])[]): string[] => those.map(([at, name]) => `${at} ${name}`);

  it('asks for nothing that has a default', () => {
    const asked = operations.flatMap(([at, { parameters = [] }]) =>
      parameters.filter((one) => one.required === true && one.schema.default !== undefined).map(({ name }) => `${at} ${name}`),
    );
    const inBodies = Object.entries(document.components?.schemas ?? {}).flatMap(([owner, schema]) => {
      const { required = [], properties = {} } = schema as Schema;
      return required.filter((name) => properties[name]?.default !== undefined).map((name) => `${owner}.${name}`);
    });
    expect([...asked, ...inBodies]).toEqual([]);
    expect(JSON.stringify(document)).toContain('"default":50');
  });

  it('says of every text that is a day, an instant or an id that it is one', () => {
    const formats: readonly (readonly [string, RegExp, RegExp])[] = [
      ['uuid', /Ids?$/, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/],
      ['date', /(On|Date|Day)$/, /^\d{4}-\d\d-\d\d$/],
      ['date-time', /At$/, /^\d{4}-\d\d-\d\dT/],
    ];
    for (const [format, name, form] of formats) {
      const texts = fields.filter(([, called, field]) => isText(field) && !FOREIGN_IDS.includes(called));
      const meant = texts.filter(([, called, field]) => (shown(field) === '' ? name.test(called) : form.test(shown(field))));
      expect(where(meant.filter(([at, , field]) => value(field).format !== format && !FOREIGN_IDS.includes(at)))).toEqual([]);
      expect(meant.length).toBeGreaterThan(20);
    }
  });

  it('counts in whole numbers', () => {
    const numbers = fields.filter(([, , field]) => [value(field).type].flat().includes('number'));
    expect([...new Set(numbers.map(([, name]) => name))].sort()).toEqual(FRACTIONS);
  });

  it('lists the codes of every closed set', () => {
    const codes = fields.filter(([, , field]) => isText(field) && /^[a-z][A-Za-z-]*$/.test(shown(field)));
    const open = codes.filter(([, , field]) => !value(field).enum && !value(field).format && !field.allOf && !field.anyOf);
    expect(open.map(([at]) => at).filter((at) => !OPEN_CODES.includes(at))).toEqual([]);
    expect(codes.length).toBeGreaterThan(150);
  });

  it('allows null among the codes of a field that may be null, and of no other', () => {
    const among = fields.filter(([, , field]) => field.enum?.includes(null));
    expect(where(among.filter(([, , field]) => !Array.isArray(field.type)))).toEqual([]);
    expect(among.length).toBeGreaterThan(10);
    expect(EARLY_GROUNDS).toEqual(['enlistment']);
  });

  it('names the members of every object, or says that it may have any', () => {
    const bare: string[] = [];
    const see = (at: string, value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      const { type, properties, additionalProperties } = value as { type?: unknown; properties?: unknown; additionalProperties?: unknown };
      if ([type].flat().includes('object') && properties === undefined && additionalProperties === undefined) bare.push(at);
      for (const [name, one] of Object.entries(value)) if (!/^examples?$/.test(name)) see(`${at}/${name}`, one);
    };
    see('', document);
    expect(bare).toEqual([]);
    const problems = fields.filter(([, name]) => name === 'problem').map(([, , field]) => field);
    expect(problems.length).toBeGreaterThan(4);
    expect(problems).toEqual(problems.map(() => ({ $ref: '#/components/schemas/ItemProblem' })));
  });

  it('has a schema for every answer that has a body, and words for every status', () => {
    const wanting = operations.flatMap(([at, { responses }]) =>
      Object.entries(responses).flatMap(([status, { $ref, description = '', content }]) => {
        if ($ref !== undefined) return [];
        const schemas = Object.values(content ?? {}).map(({ schema }) => schema);
        const isWhole = status === '204' || status === '302' ? content === undefined : schemas.length > 0 && !schemas.includes(undefined);
        return isWhole && description !== '' ? [] : [`${at} ${status}`];
      }),
    );
    expect(wanting).toEqual([]);
  });

  it('names the headers of every answer: a repetition, where a new thing is, and when to try again', () => {
    for (const [at, { parameters = [], responses }] of operations) {
      const done = Object.entries(responses).filter(([status]) => status.startsWith('2'));
      const isKeyed = parameters.some((one) => one.in === 'header');
      for (const [, { headers = {} }] of done) expect([at, 'Idempotency-Replayed' in headers]).toEqual([at, isKeyed]);
      if (responses['202']) expect([at, Object.keys(responses['202'].headers ?? {})]).toEqual([at, expect.arrayContaining(['Location'])]);
    }
    expect(operations.find(([at]) => at === 'POST /api/v1/orders')?.[1].responses['201']?.headers).toHaveProperty('Location');
    const refused = document.components?.responses as unknown as Record<string, Answer>;
    expect(refused.Refused429?.headers).toHaveProperty('Retry-After');
    expect(refused.Refused503?.headers).toHaveProperty('Retry-After');
  });

  it('says how every operation is refused', () => {
    const unsaid = operations.filter(([, { responses, security = [], requestBody }]) => {
      const wanted = ['429', '500', '503', ...(security.length > 0 ? ['401', '403'] : []), ...(requestBody ? ['415', '422'] : [])];
      return wanted.some((status) => responses[status] === undefined);
    });
    expect(unsaid.map(([at]) => at)).toEqual([]);
  });

  it('calls every operation by what is done to what, once each', () => {
    const names = operations.map(([, { operationId }]) => operationId);
    const wordsOf = (name: string) => name.split(/(?=[A-Z])/);
    expect(names.filter((name) => !/^[a-z]+([A-Z][a-z]+)+$/.test(name))).toEqual([]);
    const stem = (word = '') => word.toLowerCase().slice(0, Math.max(4, word.length - 5));
    expect(names.filter((name) => stem(wordsOf(name)[1]).startsWith(stem(wordsOf(name)[0])))).toEqual([]);
    expect(names.filter((name) => /^[a-z]+(Back|Changes|Counts|File|Rules)$/.test(name))).toEqual([]);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    expect(names).toEqual(expect.arrayContaining(['listTasks', 'decideTask', 'fileChangeRequest', 'getStudent', 'openSession']));
  });

  it('has every operation under one tag with words', () => {
    const told = new Set((document.tags ?? []).filter(({ description = '' }) => description.length > 3).map(({ name }) => name));
    expect(operations.filter(([, { tags = [] }]) => tags.length !== 1 || !told.has(tags[0] ?? '')).map(([at]) => at)).toEqual([]);
  });

  it('is of classes that call a list given as anything else that, and no missing one', async () => {
    const { validationMetadatas } = getMetadataStorage() as unknown as { validationMetadatas: ReadonlyMap<new () => object, unknown> };
    const told: string[] = [];
    for (const metatype of validationMetadatas.keys()) {
      const rules = getMetadataStorage().getTargetValidationMetadatas(metatype, '', false, false);
      for (const name of new Set(rules.filter((rule) => rule.name === 'arrayMaxSize').map(({ propertyName }) => propertyName)))
        for (const value of [{}, { a: 1 }, 'x', 5]) {
          const parsing = validationPipe().transform({ [name]: value }, { type: 'body', metatype }) as Promise<unknown>;
          const { more } = await parsing.then(
            () => new Problem('invalid-input'),
            (thrown: unknown) => thrown as Problem,
          );
          told.push(`${(more.errors ?? []).find(({ pointer }) => pointer === `/${name}`)?.detail.code} ${metatype.name}.${name}`);
        }
    }
    expect(told.filter((one) => !one.startsWith('not-list '))).toEqual([]);
    expect(told.length).toBeGreaterThan(150);
  });

  it('breaks no client of the released document without a declaration: npm run api-changes', () => {
    const released = JSON.parse(gunzipSync(readFileSync('docs/api/openapi.json.gz')).toString()) as Contract;
    const declared = JSON.parse(readFileSync('docs/api/breaking.json', 'utf8')) as Record<string, string>;
    const page = readFileSync('docs/api-changes.md', 'utf8');
    const breaking = changesBetween(released, document as unknown as Contract).filter((one) => one.breaking);
    expect(breaking.map(({ text }) => text).filter((text) => !declared[text])).toEqual([]);
    // What is new may stand on the page later; what breaks a client stands there with its reason.
    for (const [text, reason] of Object.entries(declared)) expect(page).toContain(`- ${text}: ${reason}\n`);
  });
});
