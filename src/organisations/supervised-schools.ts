import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { organisationsOf } from '../platform/access/caller.js';
import { Problem } from '../platform/http/problem.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { Actor } from '../domain/offices.js';

export interface SchoolBelow {
  readonly id: string;
  readonly type: string;
  readonly authorityId: string;
  readonly provinceId: string;
  readonly ancestors: readonly string[];
  readonly closed: boolean;
}

/** Schools by their ids, in that order. @throws Problem unknown-school with a pointer */
export async function schoolsNamed(tx: Transaction, ids: readonly string[], today: string, pointer: string): Promise<SchoolBelow[]> {
  const rows = await tx.query<SchoolBelow[]>(
    `select id, type, parent_id as "authorityId", province_id as "provinceId", ancestors, coalesce(closed_on <= $2::date, false) as closed
     from organisation where id = any($1::uuid[]) and level = 'school'`,
    [ids, today],
  );
  return ids.map((id) => {
    const school = rows.find((row) => row.id === id);
    if (!school) throw new Problem('unknown-school', { errors: [{ pointer, detail: FIELD_FAULTS.notSchool }] });
    return school;
  });
}

/**
 * The authority in which the actor, its supervisor, stands over all the schools: the lowest of them.
 * @throws Problem not-your-office for who supervises nothing, not-over-both-schools
 */
export function supervisedOver(actor: Actor, schools: readonly SchoolBelow[]): string {
  const mine = organisationsOf(actor, 'authoritySupervisor');
  if (mine.length === 0) throw new Problem('not-your-office');
  const over = (schools[0]?.ancestors ?? []).filter((id) => schools.every(({ ancestors }) => ancestors.includes(id)));
  const found = over.find((id) => mine.includes(id));
  if (!found) throw new Problem('not-over-both-schools');
  return found;
}
