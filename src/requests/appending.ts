import { beyond, type Transaction } from '../platform/database/in-scope.js';
import type { CaseDeps } from '../cases/cases.store.js';
import { enterFiling } from '../cases/cases.store.js';
import { holdOthersOf, type Moved } from '../cases/held.js';
import { openCases, type CaseByPerson } from '../cases/open-cases.js';
import { addedFor, routeFor, toldOfDeath } from '../domain/case/route.js';
import { mayTouch } from '../domain/service-account.js';
import { FILERS_OFFICES, type Actor, type OfficeAt } from '../domain/offices.js';
import { assertionRoute } from '../dossier/disputes/opening.js';
import { askForIdentities } from '../identity/identity-checks.js';
import { answerOrders } from '../orders/answering.js';
import { Problem } from '../platform/http/problem.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { newId } from '../platform/ledger/new-id.js';
import { issuerOf } from '../platform/ledger/streams.js';
import type { Gathered } from './filing.service.js';
import type { FileRequest } from './requests.dto.js';

/** A filing of which nothing stands in the way. */
export interface Fileable {
  readonly body: FileRequest;
  readonly gathered: Gathered;
}

export interface Appended {
  readonly requestId: string;
  readonly number: string;
  /** Orders that the filing answered. */
  readonly orders: readonly string[];
  /** Requests that a death holds from now on. */
  readonly held: readonly Moved[];
}

/**
 * Files gathered requests without a blocker, all of one kind, in the caller's transaction. Many take as many statements as one. After the
 * commit the caller wakes the cases that it returns.
 * @throws Problem outside-service-account
 */
export async function appendFilings(tx: Transaction, deps: CaseDeps, actor: Actor, filings: readonly Fileable[]): Promise<Appended[]> {
  if (!filings.every(({ body }) => mayTouch(actor.service, body.kind))) throw new Problem('outside-service-account');
  const cases = await Promise.all(filings.map((one) => caseOf(tx, deps, actor, one)));
  const numbers = await openCases(tx, deps, cases);
  await askForIdentities(tx, cases, new Date(deps.clock.now()));
  for (const { kind, student } of cases) if (kind === 'crossTrackTransfer') await mustNotHaveDied(tx, student.id);
  const held = await holdOthersOf(tx, deps, cases);
  const orders = await answerOrders(tx, deps, cases);
  return cases.map(({ id }, i) => ({
    requestId: id,
    number: numbers[i] ?? '',
    orders: orders.get(id) ?? [],
    held: held.get(id) ?? [],
  }));
}

/**
 * The filer of a cross-track transfer names the student, who is known too late to enter before the facts are read.
 * @throws Problem student-not-matched
 */
async function mustNotHaveDied(tx: Transaction, studentId: string): Promise<void> {
  const death = `select 1 from change_request where student_id = $1 and state = 'open' and kind = 'death'`;
  const [, [found]] = await beyond(tx, 'filing', () =>
    Promise.all([enterFiling(tx, 'crossTrackTransfer', [studentId]), tx.query<unknown[]>(death, [studentId])]),
  );
  if (found) throw new Problem('student-not-matched');
}

async function caseOf(tx: Transaction, deps: CaseDeps, actor: Actor, { body, gathered }: Fileable): Promise<CaseByPerson> {
  const { student, source, destination, filerOrganisationId, policy, details, personal, late } = gathered;
  if (!student || !source) throw new Error('a filing without blockers has a student and a school');
  const { kind, evidenceIds, evidence, externalId, application } = body;
  const filer = { ...filerOf(filerOrganisationId, actor.personId, source), ...issuerOf(tx, actor.personId) };
  const added = addedFor(kind, details, policy);
  const asked = routeFor(kind, { source, destination, filer }, policy, added);
  const drawn = { ...asked, noticesTo: [...asked.noticesTo, ...toldOfDeath(kind, details, source)] };
  const route =
    kind === 'registrationException'
      ? await beyond(tx, 'bothSides', () => assertionRoute(tx, deps, drawn, { student, details, personal }))
      : drawn;
  const holders = route.steps.map(({ organisationId }) => organisationId);
  return {
    id: newId(),
    kind,
    route,
    student,
    details,
    application,
    evidenceIds,
    evidence,
    externalId,
    late,
    sourceSchoolId: source.schoolId,
    destinationSchoolId: destination?.schoolId,
    seenBy: [...new Set([...source.seenBy, ...(destination?.seenBy ?? []), ...holders])],
    by: actedBy(actor, ...filersOffices(filerOrganisationId)),
    texts: { reason: body.reason, ...personal },
  };
}

/** An authority files for the closed school for which it acts (A25). */
const filerOf = (organisationId: string, personId: string, { schoolId, actingId }: { schoolId: string; actingId: string | null }) => ({
  organisationId,
  personId,
  ...(organisationId === actingId ? { onBehalfOf: schoolId } : {}),
});

export const filersOffices = (organisationId: string): OfficeAt[] => FILERS_OFFICES.map((office) => ({ office, organisationId }));
