import type { Type } from '@nestjs/common';
import { getMetadataStorage, registerDecorator } from 'class-validator';

/** A decorator that says something of a field and checks nothing; it is kept where classes are made of others. */
export const mark = (name: string) => (): PropertyDecorator => (target, property) =>
  registerDecorator({ name, target: target.constructor, propertyName: String(property), validator: { validate: () => true } });

/** The fields of a class that have a mark. */
export function markedIn(type: Type, mark: string): ReadonlySet<string> {
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  return new Set(rules.filter(({ name }) => name === mark).map(({ propertyName }) => propertyName));
}
