import { FIELD_FAULTS, type FieldFault } from '../../domain/messages/field-faults.js';
import type { Type } from '@nestjs/common';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage, registerDecorator } from 'class-validator';
import { pointerPart } from './body.js';
import type { FieldProblem } from './problem.js';

/** No value of a list stands in it twice; counted in one pass, where `ArrayUnique` compares each with each. */
export const Distinct = (): PropertyDecorator => (target, property) =>
  registerDecorator({
    name: 'distinct',
    target: target.constructor,
    propertyName: String(property),
    validator: {
      validate: (value: unknown) => !Array.isArray(value) || new Set(value).size === value.length,
    },
  });

interface Shape {
  readonly properties: ReadonlySet<string>;
  /** The lists with their `@ArrayMaxSize`. */
  readonly bounds: readonly (readonly [property: string, most: number])[];
  /** The lists of objects, and of which class they are. */
  readonly items: readonly (readonly [property: string, type: Type])[];
  /** The lists of single values, which hold no object. */
  readonly scalars: readonly string[];
  readonly lists: ReadonlySet<string>;
  /** The objects that are no lists, and of which class they are. */
  readonly parts: ReadonlyMap<string, Type>;
}

const OF_OBJECTS: readonly (string | undefined)[] = ['isObject', 'nestedValidation'];

const shapes = new Map<Type, Shape>();

function shapeOf(type: Type): Shape {
  let shape = shapes.get(type);
  if (!shape) {
    const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
    const named = (name: string) => rules.filter((rule) => rule.name === name);
    const classOf = (property: string) => defaultMetadataStorage.findTypeMetadata(type, property)?.typeFunction() as Type | undefined;
    const listed = rules.filter(({ name, each }) => each === true || name === 'arrayMaxSize' || name === 'isArray');
    const lists = new Set(listed.map(({ propertyName }) => propertyName));
    const nested = rules.filter(({ type: kind, propertyName }) => kind === 'nestedValidation' && !lists.has(propertyName));
    shape = {
      lists,
      parts: new Map(nested.flatMap(({ propertyName }) => [[propertyName, classOf(propertyName)] as const].filter(hasClass))),
      properties: new Set(rules.map(({ propertyName }) => propertyName)),
      bounds: named('arrayMaxSize').map(({ propertyName, constraints }) => [propertyName, Number((constraints as unknown[])[0])]),
      items: named('arrayMaxSize').flatMap(({ propertyName }) => {
        const found = classOf(propertyName);
        return found ? [[propertyName, found] as const] : [];
      }),
      scalars: named('arrayMaxSize')
        .map(({ propertyName }) => propertyName)
        .filter((property) => rules.some((rule) => rule.propertyName === property && rule.each && !OF_OBJECTS.includes(rule.name)))
        .filter((property) => !classOf(property)),
    };
    shapes.set(type, shape);
  }
  return shape;
}

const hasClass = (one: readonly [string, Type | undefined]): one is [string, Type] => one[1] !== undefined;

/** Whether a field is asked for as a list, or as an object, and is given as something else. */
function faultOfType({ lists, parts }: Shape, property: string, value: unknown): FieldFault | undefined {
  if (lists.has(property) && !Array.isArray(value)) return FIELD_FAULTS.notList;
  return parts.has(property) && (typeof value !== 'object' || Array.isArray(value)) ? FIELD_FAULTS.notObject : undefined;
}

/** What is given as another type than it is asked for; it is set aside before the rest is judged. */
function wrongTypesIn(type: Type, given: Readonly<Record<string, unknown>>, above: string): FieldProblem[] {
  const shape = shapeOf(type);
  return [...shape.lists, ...shape.parts.keys()].flatMap((property): FieldProblem[] => {
    const value = given[property];
    if (value === undefined || value === null) return [];
    const pointer = `${above}/${pointerPart(property)}`;
    const detail = faultOfType(shape, property, value);
    if (detail) return [{ pointer, detail }];
    const part = shape.parts.get(property);
    return part ? wrongTypesIn(part, value as Readonly<Record<string, unknown>>, pointer) : [];
  });
}

/**
 * The lists of a body that are longer than their bound. Of the others: unknown fields of their objects, and objects among single values.
 * It names `most` of a list, and runs first: to transform an object costs a hundred times as much as to read its keys.
 */
export function misfitsIn(type: Type, body: unknown, most: number, above = ''): FieldProblem[] {
  if (typeof body !== 'object' || body === null) return [];
  const given = body as Readonly<Record<string, unknown>>;
  const { bounds, items, scalars } = shapeOf(type);
  const tooLong = bounds.flatMap(([property, bound]) => {
    const list = given[property];
    return Array.isArray(list) && list.length > bound ? [{ pointer: `${above}/${property}`, detail: FIELD_FAULTS.tooMany(bound) }] : [];
  });
  const isFit = (property: string) => !tooLong.some(({ pointer }) => pointer === `${above}/${property}`);
  return [
    ...wrongTypesIn(type, given, above),
    ...tooLong,
    ...items
      .filter(([property]) => isFit(property))
      .flatMap(([property, one]) => strangersIn(one, given[property], most, `${above}/${property}`)),
    ...scalars.filter(isFit).flatMap((property) => objectsIn(given[property], most, `${above}/${property}`)),
  ];
}

/** What of a body is judged although a part of it does not fit. Of lists and objects those of the right type stay, within their bounds. */
export function fitting(type: Type, body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const shape = shapeOf(type);
  const { bounds, items, scalars, parts } = shape;
  const most = new Map(bounds);
  const known = new Map(items.map(([property, one]) => [property, shapeOf(one).properties]));
  const kept = Object.entries(body).flatMap(([key, value]: [string, unknown]): [string, unknown][] => {
    if (value !== undefined && value !== null && faultOfType(shape, key, value)) return [];
    const part = parts.get(key);
    if (!Array.isArray(value)) return [[key, part ? fitting(part, value) : value]];
    if (value.length > (most.get(key) ?? Infinity)) return [];
    if (scalars.includes(key)) return value.some((one) => typeof one === 'object' && one !== null) ? [] : [[key, value]];
    const fields = known.get(key);
    return [[key, fields ? value.map((one: unknown) => withOnly(fields, one)) : value]];
  });
  return Object.fromEntries(kept);
}

const withOnly = (fields: ReadonlySet<string>, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).filter(([key]) => fields.has(key)))
    : value;

function objectsIn(list: unknown, most: number, above: string): FieldProblem[] {
  if (!Array.isArray(list)) return [];
  const found: FieldProblem[] = [];
  for (const [at, item] of list.entries()) {
    if (typeof item === 'object' && item !== null) found.push({ pointer: `${above}/${at}`, detail: FIELD_FAULTS.notSingle });
    if (found.length >= most) break;
  }
  return found;
}

function strangersIn(type: Type, list: unknown, most: number, above: string): FieldProblem[] {
  if (!Array.isArray(list)) return [];
  const { properties } = shapeOf(type);
  const found: FieldProblem[] = [];
  for (const [at, item] of list.entries()) {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) continue;
    for (const key of Object.keys(item as object))
      if (!properties.has(key)) found.push({ pointer: `${above}/${at}/${pointerPart(key)}`, detail: FIELD_FAULTS.notAsked });
    if (found.length >= most) break;
  }
  return found;
}
