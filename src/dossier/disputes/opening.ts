import { afterCommit, type Transaction } from '../../platform/database/in-scope.js';
import type { Policy } from '../../domain/policy/policy.js';
import { schoolsOf, type Route } from '../../domain/procedure/procedure.js';
import { DUPLICATE_RULING } from '../../domain/procedure/procedures.js';
import { routeFor, schoolOnly } from '../../domain/case/route.js';
import { commonSuperior } from '../../domain/superiors.js';
import { dateOf } from '../../domain/working-days.js';
import type { CaseDeps } from '../../cases/cases.store.js';
import { openCases, type NewCase } from '../../cases/open-cases.js';
import { PolicyStore } from '../../policies/policies.store.js';
import { newId } from '../../platform/ledger/new-id.js';
import { proposedIn } from '../correction-texts.js';
import { amendedPerson } from './amendments.js';
import { oneAuthorityRules, opposedTo, type Duplicate, type Opposed } from './disputes.js';
import { indexOf } from '../person.js';
import { partyOf, type PartySchool } from '../school-party.js';

interface Opened {
  readonly route: Route;
  readonly studentId: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly evidenceIds: readonly string[];
  readonly seenBy: readonly string[];
  readonly reason: string;
}

/** Opens a case that no person filed; its workflow is started after the commit. */
async function open(tx: Transaction, deps: CaseDeps, { route, studentId, details, evidenceIds, seenBy, reason }: Opened): Promise<string> {
  const [student] = await tx.query<{ id: string; maskedName: string }[]>(
    'select id, masked_name as "maskedName" from student where id = $1',
    [studentId],
  );
  const [sourceSchoolId] = schoolsOf(route.parties);
  if (!student || !sourceSchoolId) throw new Error('a case is about a student of a school');
  const id = newId();
  const opened: NewCase = {
    id,
    kind: route.kind,
    route,
    student,
    details,
    evidenceIds,
    sourceSchoolId,
    destinationSchoolId: route.parties.destinationSchool,
    seenBy: [...new Set(seenBy)],
    texts: { reason },
  };
  await openCases(tx, deps, [opened]);
  afterCommit(tx, () => deps.wake?.({ requestId: id, kind: 'filed' }));
  return id;
}

/**
 * Asks the other side for its assertion: a case of its own school, whose silence is escalated to its own superiors (A5). Undefined while
 * another case of the student is open.
 */
export async function openCounterAssertion(tx: Transaction, deps: CaseDeps, them: Opposed): Promise<string | undefined> {
  const [busy]: unknown[] = await tx.query(
    `select 1 from change_request where student_id = $1 and state = 'open'
      and kind not in ('death','duplicateRuling','infoCorrection')`,
    [them.themStudentId],
  );
  if (busy) return undefined;
  const source = await partyOf(tx, them.themSchoolId);
  const policy = await new PolicyStore().inForce(tx, source.provinceId, dateOf(deps.clock.now()));
  const filer = { organisationId: them.themSchoolId };
  const whole = routeFor('registrationException', { source, filer }, policy);
  return open(tx, deps, {
    route: { ...(them.oneAuthority ? schoolOnly(whole) : whole), beginsWithFiler: true },
    studentId: them.themStudentId,
    evidenceIds: [],
    seenBy: source.seenBy,
    details: { registrationId: them.registrationId, action: 'corroborate', ground: 'other', fields: [] },
    reason: '另一所学校主张注册该生，请由经办人核实，提交本校主张及证明材料',
  });
}

interface Claimed {
  readonly student: { readonly id: string };
  readonly details: Readonly<Record<string, unknown>>;
  readonly personal?: Readonly<Record<string, string>>;
}

/** The route of an assertion that a school files. An authority that has both sides has no step, because it rules once (A5). */
export async function assertionRoute(
  tx: Transaction,
  { cipher }: CaseDeps,
  route: Route,
  { student, details, personal }: Claimed,
): Promise<Route> {
  const amended = await amendedPerson(tx, cipher, student.id, proposedIn(personal));
  const opposed = await opposedTo(tx, student.id, details.registrationId, amended && indexOf.document(cipher, amended.document));
  return oneAuthorityRules(opposed) ? schoolOnly(route) : route;
}

/**
 * Who rules: the lowest common superior that is no party, or the one authority of both sides (R-12, A5). Undefined when nobody stands above
 * both.
 */
export async function rulingBetween(
  tx: Transaction,
  schools: readonly [a: string, b: string],
): Promise<{ a: PartySchool; b: PartySchool; holder: string } | undefined> {
  const [a, b] = [await partyOf(tx, schools[0]), await partyOf(tx, schools[1])];
  const holder =
    a.authorityId === b.authorityId
      ? a.authorityId
      : commonSuperior({ id: a.authorityId, superiors: a.superiors }, { id: b.authorityId, superiors: b.superiors });
  return holder ? { a, b, holder } : undefined;
}

/** Both assertions are approved, or one authority has both sides: opens the ruling. */
export async function openRuling(
  tx: Transaction,
  deps: CaseDeps,
  duplicate: Duplicate,
  { a, b, holder }: { a: PartySchool; b: PartySchool; holder: string },
): Promise<string> {
  const policy = await new PolicyStore().inForce(tx, a.provinceId === b.provinceId ? a.provinceId : undefined, dateOf(deps.clock.now()));
  const claims = await tx.query<{ id: string; evidenceIds: string[] }[]>(
    `select id, evidence_ids as "evidenceIds" from change_request where kind = 'registrationException' and details ->> 'registrationId' = $1
       and student_id = any($2) and state in ('open','approved') order by filed_at, id`,
    [duplicate.registrationId, [duplicate.heldStudentId, duplicate.otherStudentId]],
  );
  const id = await open(tx, deps, {
    route: rulingRoute(a, b, holder, policy),
    studentId: duplicate.otherStudentId,
    seenBy: [...a.seenBy, ...b.seenBy, holder],
    details: {
      duplicateId: duplicate.id,
      registrationId: duplicate.registrationId,
      types: duplicate.types,
      claims: claims.map((claim) => claim.id),
    },
    evidenceIds: [...new Set(claims.flatMap(({ evidenceIds }) => evidenceIds))],
    reason: '重复注册，双方主张均在，提请审定',
  });
  await tx.query('update duplicate set ruling_request_id = $2 where id = $1', [duplicate.id, id]);
  return id;
}

function rulingRoute(a: PartySchool, b: PartySchool, holder: string, policy: Policy): Route {
  const [step] = DUPLICATE_RULING.steps;
  if (!step) throw new Error('a ruling has one step');
  return {
    kind: 'duplicateRuling',
    procedureVersion: DUPLICATE_RULING.version,
    policy: { id: policy.id, version: policy.version },
    filer: { organisationId: holder },
    parties: {
      sourceSchool: a.schoolId,
      sourceAuthority: a.authorityId,
      sourceProvince: a.provinceId,
      destinationSchool: b.schoolId,
      destinationAuthority: b.authorityId,
      destinationProvince: b.provinceId,
    },
    steps: [
      {
        id: step.party,
        stage: 0,
        capacities: [step.capacity],
        organisationId: holder,
        level: step.level,
        office: step.office,
        workingDays: step.workingDays,
        asks: 'ruling',
      },
    ],
    supplementWorkingDays: policy.supplementWorkingDays,
    leastRemainingWorkingDays: policy.leastRemainingWorkingDays,
    remindBefore: policy.remindBefore,
    escalate: policy.escalate,
    escalateTo: policy.escalateTo,
    noticesTo: [],
  };
}
