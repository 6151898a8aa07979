import type { Type } from '@nestjs/common';
import { getMetadataStorage, registerDecorator } from 'class-validator';

/** The class of a part of a body, by the body; undefined where the body names none. */
type ClassOfPart = (body: Readonly<Record<string, unknown>>) => Type | undefined;

const PART = 'judgedAs';

/** A part whose class another field of the body names, so that its faults are told with those of the body. Its service parses it. */
export const JudgedAs =
  (classOf: ClassOfPart): PropertyDecorator =>
  (target, property) =>
    registerDecorator({
      name: PART,
      target: target.constructor,
      propertyName: String(property),
      constraints: [classOf],
      validator: { validate: () => true },
    });

interface Part {
  readonly pointer: string;
  readonly of: Type<object>;
  readonly given: unknown;
}

/** The parts of a body that are there and whose class is known. */
export function partsIn(type: Type, body: unknown): Part[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return [];
  const given = body as Readonly<Record<string, unknown>>;
  const marked = getMetadataStorage()
    .getTargetValidationMetadatas(type, '', false, false)
    .filter(({ name }) => name === PART);
  return marked.flatMap(({ propertyName, constraints }): Part[] => {
    const [classOf] = constraints as [ClassOfPart];
    const of = classOf(given) as Type<object> | undefined;
    const value = given[propertyName];
    return of && typeof value === 'object' && value !== null ? [{ pointer: `/${propertyName}`, of, given: value }] : [];
  });
}
