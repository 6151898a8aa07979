import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import type { Actor } from '../domain/offices.js';
import { organisationsOf } from '../platform/access/caller.js';
import { Problem } from '../platform/http/problem.js';

/** The school where the caller is a clerk and writes. @throws Problem not-your-office; invalid-input where the caller must say which */
export function ownSchool(actor: Actor, named?: string): string {
  const own = organisationsOf(actor, 'schoolClerk');
  const schoolId = named ?? (own.length === 1 ? own[0] : undefined);
  if (!schoolId && own.length > 1) throw new Problem('invalid-input', { errors: [{ pointer: '/schoolId', detail: FIELD_FAULTS.missing }] });
  if (!schoolId || !own.includes(schoolId)) throw new Problem('not-your-office');
  return schoolId;
}
