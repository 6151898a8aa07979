import { registerDecorator } from 'class-validator';
import { parsePlainDate } from '../domain/working-days.js';

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
