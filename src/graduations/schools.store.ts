import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { School } from '../school-terms/term-of-school.js';

/** A school as terms and leavings are judged by it. */
export async function leavingSchool(tx: Transaction, id: string): Promise<School> {
  const [school] = await tx.query<School[]>(
    `select o.id, ${ORGANISATION_NAME('o')} as name, o.ancestors, o.province_id as "provinceId", o.closed_on is not null as closed
     from organisation o where o.id = $1`,
    [id],
  );
  if (!school) throw new Error(`no school ${id}`);
  return school;
}
