import { getMetadataStorage, type ValidationError } from 'class-validator';
import { FIELD_FAULTS, type FieldFault } from '../../domain/messages/field-faults.js';

const number = (one: unknown): number => Number(one);

/** What each rule of class-validator that the API uses asks for, by its name and from its arguments. */
const RULES: Readonly<Record<string, (given: readonly unknown[]) => FieldFault>> = {
  whitelistValidation: () => FIELD_FAULTS.notAsked,
  isString: () => FIELD_FAULTS.notText,
  isText: () => FIELD_FAULTS.saysNothing,
  isLength: ([least, most]) => FIELD_FAULTS.length(number(least), number(most)),
  maxLength: ([most]) => FIELD_FAULTS.length(0, number(most)),
  isIn: ([values]) => FIELD_FAULTS.oneOf(Array.isArray(values) ? values : []),
  equals: ([value]) => FIELD_FAULTS.oneOf([value]),
  matches: ([pattern]) => FIELD_FAULTS.form(pattern),
  isUuid: () => FIELD_FAULTS.notId,
  isPlainDate: () => FIELD_FAULTS.notDate,
  isInstant: () => FIELD_FAULTS.notInstant,
  isInt: () => FIELD_FAULTS.notWhole,
  isNumber: () => FIELD_FAULTS.notNumber,
  isBoolean: () => FIELD_FAULTS.notFlag,
  min: ([least]) => FIELD_FAULTS.atLeast(number(least)),
  max: ([most]) => FIELD_FAULTS.atMost(number(most)),
  isArray: () => FIELD_FAULTS.notList,
  isObject: () => FIELD_FAULTS.notObject,
  nestedValidation: () => FIELD_FAULTS.notObject,
  arrayMinSize: ([least]) => FIELD_FAULTS.tooFew(number(least)),
  arrayNotEmpty: () => FIELD_FAULTS.tooFew(1),
  arrayMaxSize: ([most]) => FIELD_FAULTS.tooMany(number(most)),
  distinct: () => FIELD_FAULTS.twice,
  isUrl: () => FIELD_FAULTS.notAddress,
  isWebhookAddress: () => FIELD_FAULTS.notAddress,
  isEmail: () => FIELD_FAULTS.notMail,
};

/** Rules that ask for a type: a value of another type breaks the others too, and is told this alone. */
const OF_TYPE = [
  'whitelistValidation',
  'isArray',
  'isObject',
  'isString',
  'isBoolean',
  'isInt',
  'isNumber',
  'isUuid',
  'isPlainDate',
  'isInstant',
];
const OF_TEXT: readonly string[] = ['matches', 'isLength', 'maxLength', 'isText', 'isEmail', 'isUrl', 'isWebhookAddress'];

/** Of the rules that a field breaks the one that is told. */
export function toldRule(broken: readonly string[]): string | undefined {
  return OF_TYPE.find((rule) => broken.includes(rule)) ?? broken[0];
}

/** What is wrong with a field by the rule that it breaks. A field that is not there is missing, not too short or out of a range. */
export function ruleWords({ target, property, value }: ValidationError, rule: string): FieldFault {
  const rules = target ? getMetadataStorage().getTargetValidationMetadatas(target.constructor, '', false, false) : [];
  const broken = rules.find(({ propertyName, name }) => propertyName === property && name === rule);
  const given = (broken?.constraints as unknown[] | undefined) ?? [];
  if (value === undefined) return rule === 'isIn' && Array.isArray(given[0]) ? FIELD_FAULTS.missingOneOf(given[0]) : FIELD_FAULTS.missing;
  // Of a list of texts it is one of them that breaks the rule.
  const isOfOne = broken?.each === true && Array.isArray(value);
  if (OF_TEXT.includes(rule) && ['number', 'boolean', 'object'].includes(typeof value) && !isOfOne) return FIELD_FAULTS.notText;
  return RULES[rule]?.(given) ?? FIELD_FAULTS.wrong;
}
