import type { Placement } from '../domain/case/acts.js';
import { offerOf } from '../domain/dossier/study.js';
import { placementBlockers, type Placing } from '../domain/preconditions/index.js';
import type { Kind, Route } from '../domain/procedure/procedure.js';
import type { Blocker } from '../domain/refusal.js';
import { namedClassAt } from '../classes/named-classes.js';
import { withSuccessors } from '../organisations/succession.js';
import { placeAt } from '../organisations/offers.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { withSources } from '../policies/line.js';
import type { PolicyStore } from '../policies/policies.store.js';

/** Why a student can't be placed so today, by the policy of the filing. What a placement leaves out stays, which must be possible too. */
export async function whyNotPlaced(
  tx: Transaction,
  policies: PolicyStore,
  placement: Placement,
  { studentId, route, today }: { readonly studentId: string; readonly route: Route; readonly today: string },
): Promise<readonly Blocker[]> {
  const { kind, policy, parties } = route;
  const [row] = await tx.query<(Placing['enrolment'] & { schoolId: string })[]>(
    `select school_id as "schoolId", grade, major_code as "majorCode", study_mode as "studyMode", length_years::float as "lengthYears",
       to_char(expected_leaving_on, 'YYYY-MM-DD') as "expectedLeavingOn", to_char(valid_from, 'YYYY-MM-DD') as "validFrom",
       to_char(since, 'YYYY-MM-DD') as since from enrolment where student_id = $1 and state in ('active','suspended')`,
    [studentId],
  );
  if (!row) return [];
  const { schoolId, ...enrolment } = row;
  const named = parties.destinationSchool ?? schoolId;
  const at = (await withSuccessors(tx, named)).at(-1) ?? named;
  const code = placement.majorCode ?? enrolment.majorCode;
  const [own, place, namedClass] = await Promise.all([
    placeAt(tx, schoolId, { code: enrolment.majorCode, takenUp: false }),
    placeAt(tx, at, { code, takenUp: code !== enrolment.majorCode }),
    namedClassAt(tx, at, placement.className),
  ]);
  const around = {
    kind: kind as Kind,
    policy: await policies.frozen(tx, policy),
    enrolment,
    today,
    place,
    namedClass,
    former: offerOf(enrolment, own),
  };
  return withSources(tx, around, placementBlockers(placement, around));
}
