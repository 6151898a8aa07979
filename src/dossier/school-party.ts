import type { Transaction } from '../platform/database/in-scope.js';
import type { SchoolParty } from '../domain/case/route.js';

/** A school as a party of a case, with who stands above it. */
export interface PartySchool extends SchoolParty {
  /** Above its authority, nearest first. */
  readonly superiors: readonly string[];
  /** The school and all above it: who sees what concerns it. */
  readonly seenBy: readonly string[];
}

export async function partyOf(tx: Transaction, schoolId: string): Promise<PartySchool> {
  const [row] = await tx.query<PartySchool[]>(
    `select o.id as "schoolId", o.parent_id as "authorityId", o.province_id as "provinceId", a.ancestors as superiors,
      array[o.id] || o.ancestors as "seenBy",
       (select s.id from organisation s where s.id = a.parent_id and s.level <> 'national') as "superiorId"
     from organisation o join organisation a on a.id = o.parent_id where o.id = $1`,
    [schoolId],
  );
  if (!row) throw new Error('a school has a competent authority');
  return row;
}
