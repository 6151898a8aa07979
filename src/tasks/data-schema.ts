import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import type { DecisionData } from '../domain/case/acts.js';
import { RULINGS } from '../domain/dossier/duplicates.js';
import type { RouteStep } from '../domain/procedure/procedure.js';
import { MAJOR_CODE } from '../code-sets/is-major-code.js';
import { Problem } from '../platform/http/problem.js';
import { MOST_RETURNED, type DecisionDataInput } from './tasks.dto.js';

const date = { type: 'string', format: 'date' } as const;

const MAJOR = {
  type: 'string',
  pattern: MAJOR_CODE.source,
  description: '专业 major, of the code set `majors`, one that the school offers; default: the present one',
} as const;

const PLACEMENT = {
  grade: { type: 'string', pattern: '^20\\d\\d$', description: '年级 year of intake, near the present one, which is the default' },
  className: {
    type: 'string',
    maxLength: 60,
    description: '班级：本校该年级、该专业的在用班级 an open class of the school; default: none',
  },
  firstDay: { ...date, description: '到校日期 first day at the school; default: the day of effect' },
} as const;

const REPLY = {
  type: 'object',
  description: '系统外学校的回函 sealed reply of the school outside this system',
  properties: { documentNumber: { type: 'string', maxLength: 100 }, repliedOn: date },
  required: ['documentNumber', 'repliedOn'],
  additionalProperties: false,
} as const;

const RULING = {
  type: 'string',
  enum: RULINGS,
  description:
    '审定结论 keepA 保留原注册、keepB 保留暂缓的注册、twoPersons 认定为两人、voidBoth 均予注销: A is the record found, B the registration held',
} as const;

type Asks = Pick<RouteStep, 'asks' | 'onBehalfOf'>;

/** The JSON Schema of `data` of a decision on this step, or null when it holds nothing. `offered`: the majors of the school that places. */
export function dataSchemaOf(step: Asks, offered: readonly string[]): Record<string, unknown> | null {
  if (step.asks === 'ruling') return { type: 'object', properties: { ruling: RULING }, required: ['ruling'], additionalProperties: false };
  if (step.asks === 'rows') return { type: 'object', properties: { rows: ROWS }, additionalProperties: false };
  const properties = { ...(step.asks === 'placement' ? placementOf(offered) : {}), ...(step.onBehalfOf ? { reply: REPLY } : {}) };
  if (Object.keys(properties).length === 0) return null;
  return { type: 'object', properties, ...(step.onBehalfOf ? { required: ['reply'] } : {}), additionalProperties: false };
}

/** A school that filed no majors, as one outside this system, has none to choose from. */
const placementOf = (offered: readonly string[]) => ({
  majorCode: { ...MAJOR, ...(offered.length > 0 ? { enum: offered } : {}) },
  ...PLACEMENT,
});

/** Rows of a batch that are returned, while all others follow the verdict. */
const ROWS = {
  type: 'array',
  maxItems: MOST_RETURNED,
  description: '退回的学生：其余学生按办理意见办理 rows that are returned to the school; the others follow the verdict',
  items: {
    type: 'object',
    properties: {
      row: { type: 'string', format: 'uuid' },
      verdict: { type: 'string', enum: ['return'] },
      reason: { type: 'string', maxLength: 500 },
    },
    required: ['row', 'verdict', 'reason'],
    additionalProperties: false,
  },
} as const;

/** The step's data from the input. @throws Problem invalid-input for data the step does not ask for, reply-required */
export function dataOf(step: Asks, input: DecisionDataInput | undefined): DecisionData | undefined {
  if (step.asks === 'ruling') return rulingOf(input);
  const { reply, ruling, rows, ...placement } = input ?? {};
  const given = Object.entries(placement).filter(([, value]) => value !== undefined);
  const stray = [
    ...(step.asks === 'placement' ? [] : given.map(([name]) => name)),
    ...(reply && !step.onBehalfOf ? ['reply'] : []),
    ...(ruling ? ['ruling'] : []),
    ...(rows && step.asks !== 'rows' ? ['rows'] : []),
  ];
  if (stray.length > 0)
    throw new Problem('invalid-input', {
      errors: stray.map((name) => ({ pointer: `/data/${name}`, detail: FIELD_FAULTS.notThisStep })),
    });
  if (step.onBehalfOf && !reply)
    throw new Problem('reply-required', { errors: [{ pointer: '/data/reply', detail: FIELD_FAULTS.missing }] });
  if (rows && rows.length > 0) return { rows: rows.map(({ row, verdict }) => ({ row, verdict })) };
  if (given.length === 0 && !reply) return undefined;
  return { ...(given.length > 0 ? { placement: Object.fromEntries(given) } : {}), ...(reply ? { reply: { ...reply } } : {}) };
}

/** A ruling says its result and nothing else. @throws Problem ruling-required, invalid-input */
function rulingOf(input: DecisionDataInput | undefined): DecisionData {
  const stray = Object.entries(input ?? {}).filter(([name, value]) => name !== 'ruling' && value !== undefined);
  if (stray.length > 0)
    throw new Problem('invalid-input', {
      errors: stray.map(([name]) => ({ pointer: `/data/${name}`, detail: FIELD_FAULTS.notThisStep })),
    });
  if (!input?.ruling) throw new Problem('ruling-required', { errors: [{ pointer: '/data/ruling', detail: FIELD_FAULTS.missing }] });
  return { ruling: input.ruling };
}
