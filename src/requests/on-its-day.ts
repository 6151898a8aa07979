import type { DetailsOf } from '../domain/case/details.js';
import { trackOf } from '../domain/offices.js';
import { blockersOnTheDay, JUDGED_AGAIN, type Facts } from '../domain/preconditions/index.js';
import { isTransfer, type Kind } from '../domain/procedure/procedure.js';
import type { Blocker } from '../domain/refusal.js';
import { dateOf } from '../domain/working-days.js';
import type { CaseDeps, LoadedCase } from '../cases/cases.store.js';
import { placementOf } from '../dossier/effect.js';
import { withSuccessors } from '../organisations/succession.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { askedFacts } from '../policies/asked-facts.js';
import { PolicyStore } from '../policies/policies.store.js';
import { aboutStudent, placeAsked } from './filing.service.js';
import { namedFacts, schoolOf, studentsWhere } from './filing.store.js';
import { whyNotPlaced } from './placing.js';

const policies = new PolicyStore();

/**
 * Why a change that waited for its day can't take effect on it (A20). Preconditions of its filing and of its placement are asked again, of
 * how things stand now and by the policy of the filing. The caller holds the student's row.
 */
export async function blockersOnItsDay(tx: Transaction, deps: CaseDeps, { request, state, acts }: LoadedCase): Promise<Blocker[]> {
  const { route } = state;
  const kind = request.kind as Kind;
  const [now, today] = [deps.clock.now(), dateOf(deps.clock.now())];
  const [student] = await studentsWhere(tx, 's.id = any($1::uuid[])', [[request.studentId]]);
  const source = student && (await schoolOf(tx, student.schoolId, now));
  if (!student || !source) return [];
  const { destinationSchool } = route.parties;
  const presentId = destinationSchool && (await withSuccessors(tx, destinationSchool)).at(-1);
  const destination = presentId && (await schoolOf(tx, presentId, now));
  const policy = await policies.frozen(tx, route.policy);
  const rules = policy.kinds[kind].rules.filter((rule) => JUDGED_AGAIN.has(rule));
  const details = request.details as DetailsOf[Kind];
  const asked = await askedFacts(tx, { cipher: deps.cipher, now: new Date(now), rules }, student);
  const facts: Facts = {
    kind,
    policy,
    today,
    details,
    // Of a class that was named the effect knows what it has become.
    // The open request is this one, because an index lets no other run beside it.
    student: {
      ...aboutStudent(student, source, asked, await placeAsked(tx, kind, { student, source, kept: { ...details, className: undefined } })),
      openRequest: false,
    },
    ...(destination ? { destination: { id: destination.schoolId, track: trackOf(destination.type), closed: destination.closed } } : {}),
    ...(await namedFacts(tx, student, details)),
    // Of evidence and reviewers nothing is asked again.
    evidence: request.evidenceIds.length,
    otherReviewers: 0,
  };
  const found = blockersOnTheDay(facts);
  if (!isTransfer(kind) && kind !== 'resumption') return found;
  // The first day has come, and it was judged when it was given. Of the class the effect knows what it has become.
  const { firstDay: _come, className: _class, ...placement } = placementOf({ acts });
  return [...found, ...(await whyNotPlaced(tx, policies, placement, { studentId: student.id, route, today }))];
}
