import type { MessageCode } from '../../domain/messages/messages.js';
import { stateAfter } from '../../domain/dossier/dossier.js';
import type { Kind } from '../../domain/procedure/procedure.js';
import { dateOf } from '../../domain/working-days.js';
import type { Transaction } from '../../platform/database/in-scope.js';
import { appendNext } from '../../platform/ledger/streams.js';
import { withSuccessors } from '../../organisations/succession.js';
import type { CaseDeps, LoadedCase } from '../../cases/cases.store.js';
import { studentOf } from '../../cases/read-model.js';
import { applyRuling } from '../disputes/ruling.js';
import { registerByException, wasRuled } from '../disputes/exception.js';
import { lockBothSides } from '../disputes/namesakes.js';
import { applyCorrection } from './correction.js';
import { dayAskedFor, type Cause, type Effect, type Enrolment } from '../effect.js';
import { endEnrolment } from './endings.js';
import { undoChange } from './undoing.js';
import { changeTheMajor, changeTheStudyMode, correctStudyData, repeatTheYear, resume, suspend } from './studies.js';
import { moveToSchool } from './transfers.js';

const EFFECTS: Readonly<Record<Kind, Effect>> = {
  transfer: moveToSchool,
  crossTrackTransfer: moveToSchool,
  repeatYear: repeatTheYear,
  changeMajor: changeTheMajor,
  changeStudyMode: changeTheStudyMode,
  suspension: suspend,
  resumption: resume,
  withdrawal: endEnrolment,
  deregistration: endEnrolment,
  death: endEnrolment,
  infoCorrection: applyCorrection,
  studyCorrection: correctStudyData,
  registrationException: registerByException,
  reinstatement: undoChange,
};

/**
 * Carries out an approved change on the dossier, with its evidence and the student's own act. The caller's transaction holds the request's
 * row. A cause instead of an effect means that nothing was written, and so does a day that the change awaits (A20). What must hold is
 * judged on that day, and not before: `whyNot` says what of the filing does not hold any more.
 */
export async function applyEffect(
  tx: Transaction,
  deps: CaseDeps,
  loaded: LoadedCase,
  whyNot: (tx: Transaction, deps: CaseDeps, loaded: LoadedCase) => Promise<readonly { readonly code: MessageCode }[]>,
): Promise<{ effectiveOn: string } | { cause: Cause | MessageCode } | { retryAfter: number } | { awaits: string }> {
  const { request, state } = loaded;
  if (request.kind === 'duplicateRuling') return applyRuling(tx, deps, loaded);
  const kind = request.kind as Kind;
  const today = dateOf(deps.clock.now());
  const asked = dayAskedFor(loaded);
  if (asked !== undefined && asked > today) return { awaits: asked };
  const studentId = studentOf(request);
  await lockBothSides(tx, studentId, kind === 'registrationException' ? request.details.registrationId : undefined);
  if (kind === 'registrationException' && (await wasRuled(tx, request))) {
    const stands = { effectiveOn: today, body: { registrationId: request.details.registrationId } };
    await recordInDossier(tx, deps, loaded, stands);
    return stands;
  }
  const enrolment = await enrolmentOf(tx, studentId);
  const { sourceSchool, school = sourceSchool } = state.route.parties;
  // Since the filing the school may have merged into another, which then has its students (Art 12).
  if (!enrolment || !school) return { cause: 'student-not-at-source-school' };
  if (!goesWithThePerson(kind) && !(await withSuccessors(tx, school)).includes(enrolment.schoolId))
    return { cause: 'student-not-at-source-school' };
  const to = goesWithThePerson(kind) ? enrolment.state : stateAfter(kind, enrolment.state);
  if (!to) return { cause: 'illegal-transition' };
  const [changed] = state.scheduled ? await whyNot(tx, deps, loaded) : [];
  if (changed) return { cause: changed.code };
  const effected = await EFFECTS[kind]({ tx, deps, loaded, enrolment, to, today });
  if (!('effectiveOn' in effected)) return effected;
  await recordInDossier(tx, deps, loaded, effected);
  return { effectiveOn: effected.effectiveOn };
}

/** Personal information is the person's, whatever has become of the enrolment by a request beside its change (A16). */
const goesWithThePerson = (kind: Kind): boolean => kind === 'infoCorrection';

/** The held enrolment, else the latest. */
async function enrolmentOf(tx: Transaction, studentId: string): Promise<Enrolment | undefined> {
  const [row]: Enrolment[] = await tx.query(
    `select id, student_id as "studentId", school_id as "schoolId", state, grade, to_char(expected_leaving_on,
      'YYYY-MM-DD') as "expectedLeavingOn",
       to_char(valid_from, 'YYYY-MM-DD') as "validFrom", to_char(since, 'YYYY-MM-DD') as since
     from enrolment where student_id = $1 order by (state in ('active','suspended')) desc, valid_from desc, recorded_at desc limit 1`,
    [studentId],
  );
  return row;
}

/** The evidence joins the dossier (Art 12), and the student's stream says what happened. */
async function recordInDossier(
  tx: Transaction,
  deps: CaseDeps,
  { request }: LoadedCase,
  { effectiveOn, body = {} }: { effectiveOn: string; body?: Readonly<Record<string, unknown>> },
): Promise<void> {
  const now = new Date(deps.clock.now());
  const studentId = studentOf(request);
  await tx.query(
    `insert into dossier_evidence (student_id, evidence_id, request_id, joined_at) select $1, unnest($2::uuid[]), $3, $4
      on conflict do nothing`,
    [studentId, request.evidenceIds, request.id, now],
  );
  await tx.query('update student set changed_at = $2 where id = $1', [studentId, now]);
  await appendNext(tx, deps, 'student', studentId, {
    kind: request.kind,
    key: `effected:${request.id}`,
    body: { requestId: request.id, effectiveOn, ...body },
  });
}
