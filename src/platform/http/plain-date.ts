import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { isISO8601, registerDecorator } from 'class-validator';
import { parsePlainDate } from '../../domain/working-days.js';

/** The years that a person can mean, from the birth of the oldest to the end of all plans. Days can be added without an overflow. */
const FIRST_YEAR = 1900;
const LAST_YEAR = 2200;

const isMeant = (date: string): boolean => Number(date.slice(0, 4)) >= FIRST_YEAR && Number(date.slice(0, 4)) <= LAST_YEAR;
const isDay = (value: unknown): value is string =>
  typeof value === 'string' && value.length === 10 && parsePlainDate(value) !== undefined && isMeant(value);

/** A real calendar date 'YYYY-MM-DD' of the years 1900 to 2200. */
export const IsPlainDate = (): PropertyDecorator => (target, property) =>
  registerDecorator({
    name: 'isPlainDate',
    target: target.constructor,
    propertyName: String(property),
    validator: {
      validate: isDay,
    },
  });

/** ISO 8601 with an offset. Weeks and ordinal days, which JavaScript and PostgreSQL cannot read, are none. */
const isMoment = (value: unknown): boolean =>
  typeof value === 'string' &&
  /T.*(Z|[+-]\d\d:?\d\d)$/.test(value) &&
  isISO8601(value, { strict: true }) &&
  !Number.isNaN(Date.parse(value)) &&
  isMeant(value);

/** An instant with its offset, of the years 1900 to 2200. A plain day is taken for its midnight in Asia/Shanghai. */
export const IsInstant = (): PropertyDecorator =>
  applyDecorators(
    Transform(({ value }: { value: unknown }) => (isDay(value) ? `${value}T00:00:00+08:00` : value)),
    (target: object, property: string | symbol) =>
      registerDecorator({
        name: 'isInstant',
        target: target.constructor,
        propertyName: String(property),
        validator: {
          validate: isMoment,
        },
      }),
  );
