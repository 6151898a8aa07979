import type { Type } from '@nestjs/common';
import { getMetadataStorage, registerDecorator } from 'class-validator';
import type { FieldProblem } from './problem.js';

/** No value of a list stands in it twice; counted in one pass, where `ArrayUnique` compares each with each. */
export const Distinct = (): PropertyDecorator => (target, property) =>
  registerDecorator({
    name: 'distinct',
    target: target.constructor,
    propertyName: String(property),
    validator: {
      validate: (value: unknown) => !Array.isArray(value) || new Set(value).size === value.length,
      defaultMessage: () => `${String(property)} must not name anything twice`,
    },
  });

const bounds = new Map<Type, readonly (readonly [property: string, most: number])[]>();

/** The lists of a DTO with their `@ArrayMaxSize`. */
function boundsOf(type: Type): readonly (readonly [string, number])[] {
  let found = bounds.get(type);
  if (!found) {
    const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
    found = rules
      .filter(({ name }) => name === 'arrayMaxSize')
      .map(({ propertyName, constraints }) => [propertyName, Number((constraints as unknown[])[0])]);
    bounds.set(type, found);
  }
  return found;
}

/** The lists of a body that are longer than their bound. Asked before anything else, because the other rules look at every value. */
export function tooLong(type: Type, body: unknown, above = ''): FieldProblem[] {
  if (typeof body !== 'object' || body === null) return [];
  const given = body as Readonly<Record<string, unknown>>;
  return boundsOf(type).flatMap(([property, most]) => {
    const list = given[property];
    return Array.isArray(list) && list.length > most
      ? [{ pointer: `${above}/${property}`, detail: `${property} must contain no more than ${most} elements` }]
      : [];
  });
}
