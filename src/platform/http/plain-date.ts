import { isISO8601, registerDecorator } from 'class-validator';
import { parsePlainDate } from '../../domain/working-days.js';

/** A real calendar date 'YYYY-MM-DD'. */
export const IsPlainDate = (): PropertyDecorator => (target, property) =>
  registerDecorator({
    name: 'isPlainDate',
    target: target.constructor,
    propertyName: String(property),
    validator: {
      validate: (value: unknown) => typeof value === 'string' && parsePlainDate(value) !== undefined,
      defaultMessage: () => `${String(property)} must be a date YYYY-MM-DD`,
    },
  });

/** An ISO 8601 instant or date that names a moment; weeks and ordinal days, which JavaScript and PostgreSQL cannot read, do not. */
export const IsInstant = (): PropertyDecorator => (target, property) =>
  registerDecorator({
    name: 'isInstant',
    target: target.constructor,
    propertyName: String(property),
    validator: {
      validate: (value: unknown) => typeof value === 'string' && isISO8601(value, { strict: true }) && !Number.isNaN(Date.parse(value)),
      defaultMessage: () => `${String(property)} must be an instant such as 2026-11-23T09:00:00+08:00`,
    },
  });
