import type { FieldCipher } from '../platform/database/field-cipher.js';
import { normaliseDocumentNumber, normaliseName } from '../domain/dossier/id-document.js';
import { instantOf } from '../domain/working-days.js';
import { indexOf } from '../dossier/person.js';
import type { CaseFilters, NamedStudent } from './case-filters.dto.js';

const midnight = (day: string | undefined, hour = 0): string | undefined =>
  day === undefined ? undefined : new Date(instantOf(day, hour)).toISOString();

/**
 * Filters as `found_requests` and `found_tasks` take them. A span of filing is half open, from midnight to the midnight after its last day.
 * A due date is the midnight after it, as `due_at` is.
 */
export const filtersOf = (cipher: FieldCipher, { filedFrom, filedTo, dueFrom, dueTo, ...asked }: CaseFilters, student?: NamedStudent) => {
  const { limit, cursor: _, ...plain } = asked;
  return {
    ...plain,
    most: limit + 1,
    filedFrom: midnight(filedFrom),
    filedTo: midnight(filedTo, 24),
    dueFrom: midnight(dueFrom, 24),
    dueTo: midnight(dueTo, 24),
    ...(student?.name === undefined ? {} : { name: indexOf.name(cipher, normaliseName(student.name)).toString('hex') }),
    ...(student?.studentNumber === undefined
      ? {}
      : { studentNumber: cipher.index('studentNumber', normaliseDocumentNumber(student.studentNumber)).toString('hex') }),
  };
};
