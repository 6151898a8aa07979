import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import type { Actor, Office } from '../domain/offices.js';
import { organisationsOf } from '../platform/access/caller.js';
import { Problem } from '../platform/http/problem.js';

/** The school where the caller is a clerk and writes. @throws Problem not-your-office; invalid-input where the caller must say which */
export const ownSchool = (actor: Actor, named?: string): string => ownOrganisation(actor, 'schoolClerk', '/schoolId', named);

/** The authority where the caller reviews. @throws Problem not-your-office; invalid-input where the caller must say which */
export const ownAuthority = (actor: Actor, named?: string): string => ownOrganisation(actor, 'authorityReviewer', '/authorityId', named);

function ownOrganisation(actor: Actor, office: Office, pointer: string, named: string | undefined): string {
  const own = organisationsOf(actor, office);
  const id = named ?? (own.length === 1 ? own[0] : undefined);
  if (!id && own.length > 1) throw new Problem('invalid-input', { errors: [{ pointer, detail: FIELD_FAULTS.missing }] });
  if (!id || !own.includes(id)) throw new Problem('not-your-office');
  return id;
}
