import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { OPTIONAL_RULES, type KindPolicy, type Limits } from '../domain/policy/policy.js';
import { RUNGS } from '../domain/procedure/ladder.js';
import { RECORD_FIELDS } from '../domain/dossier/record.js';
import type { PackFault } from '../domain/packs/policy-bound.js';
import { BOUNDS, LEAST_EVIDENCE } from '../domain/packs/policy-bounds.js';
import type { PackContent, PackDocument, PolicyContent } from '../domain/packs/policy-pack.js';
import { KINDS, type Kind } from '../domain/procedure/procedure.js';
import { PROCEDURES } from '../domain/procedure/procedures.js';

/** A pack as a province hands it in. */
export interface Pack {
  readonly document: PackDocument;
  readonly content: PackContent;
}

const whole = { type: 'integer' };
const wholes = { type: 'array', items: whole, uniqueItems: true, maxItems: 12 };
const text = (longest: number) => ({ type: 'string', minLength: 1, maxLength: longest });
const closed = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});
const one = (...values: readonly string[]) => ({ enum: values });
const some = (values: readonly string[]) => ({ type: 'array', items: { enum: values }, uniqueItems: true });

const partiesOf = (kind: Kind): string[] => [...PROCEDURES[kind].steps, ...PROCEDURES[kind].mayAdd].map(({ party }) => party);
const ALL_PARTIES = [...new Set(KINDS.flatMap(partiesOf))];

const EVIDENCE_ITEM = {
  zh: text(100),
  en: text(200),
  id: { type: 'string', pattern: '^[a-z][A-Za-z0-9]{0,39}$' },
  grounds: { type: 'array', items: text(40), uniqueItems: true, minItems: 1, maxItems: 20 },
};

/** Each key's shape; how far it may go is its bound, said beside it. A key without a shape does not compile. */
const KIND_SHAPES: Readonly<Record<keyof KindPolicy, object>> = {
  order: { type: 'array', items: { enum: ALL_PARTIES }, maxItems: 20 },
  parallelAuthorities: { type: 'boolean' },
  workingDays: closed(Object.fromEntries(ALL_PARTIES.map((party) => [party, whole]))),
  deadlineScope: one('each', 'total'),
  leastEvidence: whole,
  evidence: { type: 'array', maxItems: 20, items: closed(EVIDENCE_ITEM, ['zh', 'en']) },
  rules: some(OPTIONAL_RULES),
};
const LIMIT_SHAPES: Readonly<Record<keyof Limits, object>> = {
  termDays: whole,
  graduatingDays: whole,
  transferMonths: wholes,
  transferTerms: wholes,
  repeatMonths: wholes,
  changeMajorDays: whole,
  changeMajorTerms: wholes,
  otherCategoryTerm: whole,
  sameCategoryTerm: whole,
  termStarts: { type: 'array', items: { type: 'string', pattern: '^\\d{2}-\\d{2}$' }, uniqueItems: true, maxItems: 6 },
  termShiftDays: whole,
  leastRemainingDays: whole,
  repeatYears: whole,
  repeatSharePercent: whole,
  suspensionMonths: whole,
  suspensions: whole,
  suspendedMonths: whole,
  longSuspensionMonths: whole,
  businessAfterDays: whole,
  resumptionNoticeDays: whole,
  resumptionReminderDays: whole,
  resumptionGraceDays: whole,
};
const SHAPES: Readonly<Record<Exclude<keyof PolicyContent, 'kinds' | 'limits'>, object>> = {
  directions: some(['toVocational', 'toOrdinary']),
  expiredSuspension: one('remind', 'orderWithdrawal'),
  unnaturalDeath: { type: 'array', items: { enum: PROCEDURES.death.mayAdd.map(({ party }) => party) }, uniqueItems: true, maxItems: 3 },
  proofWorkingDays: whole,
  registerWorkingDays: whole,
  termRegistrationWorkingDays: whole,
  termReminderWorkingDays: whole,
  termRetractionWorkingDays: whole,
  graduationWorkingDays: whole,
  graduationAuthorityReview: { type: 'boolean' },
  earlyLeavingDays: whole,
  earlyGraduationMonths: whole,
  discontinuedMonths: whole,
  conversionMonths: whole,
  conversionAfterMonths: whole,
  filing: closed({ blocking: { type: 'boolean' } }),
  supplementWorkingDays: whole,
  leastRemainingWorkingDays: whole,
  claimWorkingDays: whole,
  remindBefore: wholes,
  escalate: closed({ after: whole, every: whole }),
  escalateTo: some(RUNGS),
  effectiveDaysBack: whole,
  stale: closed({ afterMonths: whole, action: one('notify') }),
  custodian: { type: 'string', maxLength: 36 },
  requiredRecord: some(RECORD_FIELDS),
};

/** Shapes with what their bounds say, and on which article. */
const described = (
  shapes: Readonly<Record<string, object>>,
  bounds: Readonly<Record<string, { article: string; zh: string; en: string }>>,
): object =>
  Object.fromEntries(
    Object.entries(shapes).map(([key, shape]) => {
      const bound = bounds[key];
      return [key, { ...shape, ...(bound ? { description: `${bound.zh} ${bound.en} (${bound.article})` } : {}) }];
    }),
  );

const kindSchema = (kind: Kind): object => {
  const parties = partiesOf(kind);
  const { title, article } = PROCEDURES[kind];
  const description = `${title.zh} ${title.en} (${article}): ${parties.join(', ')}`;
  const shapes = { ...KIND_SHAPES, leastEvidence: { ...whole, minimum: LEAST_EVIDENCE[kind] } };
  return { ...closed(described(shapes, BOUNDS.kinds)), description };
};

/** The JSON Schema of a pack: the one description that `GET /policies/schema` serves and that every pack is checked by. */
export const PACK_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: '政策包 policy pack',
  ...closed(
    {
      document: {
        ...closed({
          number: text(100),
          issuingBody: text(100),
          date: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
          filingNumber: text(100),
        }),
        description:
          '依据文件：文号、印发机关、日期、备案号 The document that settles it, with the number under which it is filed (Art 28, A17)',
        required: ['number', 'issuingBody', 'date', 'filingNumber'] satisfies (keyof PackDocument)[],
      },
      content: {
        ...closed({
          kinds: closed(Object.fromEntries(KINDS.map((kind) => [kind, kindSchema(kind)]))),
          limits: closed(described(LIMIT_SHAPES, BOUNDS.limits)),
          ...described(SHAPES, BOUNDS.policy),
        }),
        description: '省略的项目沿用所依据的版本 What is left out is inherited from the version that it is based on; lists are given whole',
      },
    },
    ['document', 'content'],
  ),
};

let compiled: ValidateFunction | undefined;
/** Compiled at the first use, because a process that never reads a pack would pay for it at every start. */
const validator = (): ValidateFunction => (compiled ??= new Ajv({ allErrors: true }).compile(PACK_SCHEMA));

/** Every way in which a value is not a pack, by pointer below the pack; empty when it is one. */
export function shapeFaults(value: unknown): PackFault[] {
  const validate = validator();
  if (validate(value)) return [];
  return (validate.errors ?? []).map(asFault);
}

const DOCUMENT = /^\/document/;

function asFault({ keyword, instancePath, params, message }: ErrorObject): PackFault {
  const named = (params as { additionalProperty?: string; missingProperty?: string }) ?? {};
  const pointer = [instancePath, named.additionalProperty ?? named.missingProperty].filter((part) => part !== undefined).join('/');
  if (keyword === 'required' && DOCUMENT.test(pointer)) return { code: 'document-missing', pointer, article: 'Art 28, A17' };
  if (keyword === 'additionalProperties' && named.additionalProperty === 'filedBy')
    return { code: 'initiator-fixed', pointer, article: 'Art 14–16, A17' };
  if (keyword === 'additionalProperties') return { code: 'unknown-key', pointer, article: 'Art 28' };
  if (keyword === 'enum' && /^\/content\/kinds\/\w+\/order\//.test(pointer))
    return { code: 'unknown-party', pointer, article: 'Art 14–16, A17' };
  if (keyword === 'minimum') return { code: 'out-of-bounds', pointer, article: BOUNDS.kinds.leastEvidence.article, detail: message };
  return { code: 'wrong-shape', pointer, article: 'Art 28', detail: message };
}
