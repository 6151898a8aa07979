import { getMetadataStorage } from 'class-validator';
import type { OpenAPIObject } from '@nestjs/swagger';
import { closedSetOf, SHARED_SETS } from './closed-sets.js';

export type SchemaMap = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
export type Schema = Exclude<SchemaMap[string], { $ref: string }>;
type Parameter = Exclude<NonNullable<NonNullable<OpenAPIObject['paths'][string]['get']>['parameters']>[number], { $ref: string }>;

interface Rule {
  readonly propertyName: string;
  readonly name?: string;
  readonly constraints?: unknown[];
  readonly each?: boolean;
}

/** What class-validator checks, by the class and its fields. */
export type ClassRules = ReadonlyMap<string, readonly Rule[]>;

/** The rules of every class by its name, with those of the classes that it is made of. */
export function rulesByClass(): ClassRules {
  const { validationMetadatas } = getMetadataStorage() as unknown as { validationMetadatas: ReadonlyMap<NewableFunction, unknown> };
  return new Map([...validationMetadatas.keys()].map((type) => [type.name, checksOf(type)]));
}

/** The rules of a class, none where it has no rules. */
export const checksOf = (type: unknown): readonly Rule[] =>
  typeof type === 'function' ? (getMetadataStorage().getTargetValidationMetadatas(type, '', false, false) as readonly Rule[]) : [];

/** What a rule of class-validator says in the words of a schema. */
const BY_RULE: Readonly<Record<string, object>> = {
  isUuid: { format: 'uuid' },
  isPlainDate: { format: 'date' },
  isInstant: { format: 'date-time' },
  isEmail: { format: 'email' },
  isUrl: { format: 'uri' },
  isWebhookAddress: { format: 'uri' },
  isInt: { type: 'integer' },
};

/** What the bounds of a rule are called in a schema; the compiler's metadata has those alone that are literals. */
const BOUNDS: Readonly<Record<string, readonly ('maxItems' | 'minItems' | 'minLength' | 'maxLength' | 'minimum' | 'maximum')[]>> = {
  arrayMaxSize: ['maxItems'],
  arrayMinSize: ['minItems'],
  isLength: ['minLength', 'maxLength'],
  maxLength: ['maxLength'],
  min: ['minimum'],
  max: ['maximum'],
};

function bounded(field: Schema, value: Schema, rules: readonly Rule[]): void {
  for (const { name = '', constraints = [] } of rules)
    for (const [at, bound] of (BOUNDS[name] ?? []).entries()) {
      const of = bound.endsWith('Items') ? field : value;
      if (of[bound] === undefined && typeof constraints[at] === 'number') of[bound] = constraints[at];
    }
}

/** Numbers that may lie between two whole ones: all others count something. */
const FRACTIONS = new Set(['lengthYears', 'progress', 'rate']);

/** Names that end like an id and are none of ours. */
const FOREIGN_IDS = new Set([
  'externalId',
  'runId',
  'traceId',
  'workflowId',
  'KindPolicyView.id',
  'PolicyDetail.id',
  'PolicyVersionName.id',
  'PolicyView.id',
]);
const DAYS = new Set([
  'asOf',
  'answerBy',
  'date',
  'firstDay',
  'firstDayFrom',
  'firstDayThrough',
  'on',
  'validFrom',
  'validThrough',
  'validTo',
]);
const INSTANTS = new Set(['at', 'from', 'heldFrom', 'heldUntil', 'pendingUntil', 'since', 'until']);
const IDS = new Set(['id', 'mentions', 'mergedInto', 'photograph']);
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** Settings of a policy, which have the type that the setting has. */
const OF_ANY_TYPE: Readonly<Record<string, readonly string[]>> = {
  InheritedSettingView: ['value'],
  DifferenceView: ['inForce', 'proposed'],
};

/** The format of a text by its example, and where it has none by its name: `…Id`, `…On`, `…At`. */
function formatOf(owner: string, name: string, example: unknown): string | undefined {
  const shown: unknown = Array.isArray(example) ? example[0] : example;
  if (FOREIGN_IDS.has(name) || FOREIGN_IDS.has(`${owner}.${name}`)) return undefined;
  if (typeof shown === 'string') {
    if (UUID.test(shown)) return 'uuid';
    if (DAY.test(shown)) return 'date';
    return INSTANT.test(shown) ? 'date-time' : undefined;
  }
  if (/Ids?$/.test(name) || IDS.has(name)) return 'uuid';
  if (/(On|Date|Day)$/.test(name) || DAYS.has(name)) return 'date';
  return /At$/.test(name) || INSTANTS.has(name) ? 'date-time' : undefined;
}

/** One value, which a list may hold. */
function withKind(
  name: string,
  value: Schema,
  { rules, owner, example }: { rules: readonly Rule[]; owner: string; example: unknown },
): void {
  for (const rule of rules) Object.assign(value, BY_RULE[rule.name ?? '']);
  if (value.type === 'number' && !FRACTIONS.has(name) && !rules.some((rule) => rule.name === 'isNumber')) value.type = 'integer';
  if (value.type !== 'string' || value.enum) return;
  const set = closedSetOf(owner, name, example);
  const shared = Object.keys(SHARED_SETS).find((one) => SHARED_SETS[one] === set);
  if (shared) return refersTo(value, shared);
  if (set) value.enum = value.nullable ? [...set, null] : [...set];
  const format = set || value.format ? undefined : formatOf(owner, name, example);
  if (format) value.format = format;
}

/** The type stays beside the reference, because `nullable` asks for one. */
function refersTo(value: Schema, shared: string): void {
  value.allOf = [{ $ref: `#/components/schemas/${shared}` }];
}

/** A field of a schema, or a parameter: what class-validator checks, its closed set, its format. */
function withFormat(name: string, field: Schema, rules: readonly Rule[], owner: string): void {
  const own = rules.filter(({ propertyName }) => propertyName === name);
  const item = field.type === 'array' && field.items && !('$ref' in field.items) ? field.items : undefined;
  const example: unknown = field.example;
  // Members that the class does not name: a compiler lets any be read.
  if (field.type === 'object' && !field.properties && !field.allOf) field.additionalProperties ??= true;
  bounded(field, item ?? field, own);
  withKind(name, item ?? field, { rules: own.filter(({ each }) => each === true || !item), owner, example });
}

/** What has a default may be left out: an answer has it all the same, and an input gets it. */
const asked = (required: readonly string[], properties: SchemaMap): string[] =>
  required.filter((name) => !('default' in (properties[name] ?? {})));

/** Gives every field of the schemas its format, its closed set, and whether it must be there. */
export function describeFields(schemas: SchemaMap, inputs: ReadonlySet<string>): void {
  const rules = rulesByClass();
  for (const [owner, schema] of Object.entries(schemas)) {
    if ('$ref' in schema || !schema.properties) continue;
    for (const [name, field] of Object.entries(schema.properties))
      if (!('$ref' in field) && OF_ANY_TYPE[owner]?.includes(name)) {
        delete field.type;
        delete field.nullable;
      } else if (name === 'problem') schema.properties[name] = { $ref: '#/components/schemas/ItemProblem' };
      else if (!('$ref' in field)) withFormat(name, field, rules.get(owner) ?? [], owner);
    if (!inputs.has(owner)) continue;
    const { required: _all, ...others } = schema;
    const required = asked(schema.required ?? [], schema.properties);
    schemas[owner] = { ...others, additionalProperties: false, ...(required.length > 0 ? { required } : {}) };
  }
}

/** Gives a parameter of an address its format and its closed set; what has a default may be left out. */
export function describeParameter(parameter: Parameter, given: readonly unknown[]): void {
  const { schema } = parameter;
  if (!schema || '$ref' in schema || parameter.in === 'header') return;
  withFormat(parameter.name, schema, given.flatMap(checksOf), 'Parameter');
  if (parameter.in === 'query' && 'default' in schema) parameter.required = false;
}
