import { isOnRoll } from '../../domain/dossier/dossier.js';
import { classNow } from '../../classes/named-classes.js';
import { certificateIsOut, endCertificates } from '../../certificates/certificates.store.js';
import { changeEnrolment, dayOf, textIn, type Change, type Effect, type Effected, type Enrolment, type Subject } from '../effect.js';
import { STUDY_FACTS_OF } from '../study-facts.sql.js';
import { formerFacts, recordFacts } from '../personal.store.js';
import { ownersOf, personOf } from '../person.js';
import { documentTaken } from './correction.js';
import { recordFilingNotices } from './filing-notices.js';

/**
 * 恢复学籍: what a change made otherwise is again as the change found it, from the day of that change on; history keeps both (A19).
 * 1. Of a transfer the enrolment at the former school stands again, and the one that the transfer opened is void.
 * 2. Of a correction the former values hold again.
 * 3. Of any other change the same enrolment has its former values again.
 */
export const undoChange: Effect = async (subject) => {
  const { tx, loaded, enrolment } = subject;
  const undone = textIn(loaded.request.details.requestId) ?? '';
  const [request] = await tx.query<{ kind: string }[]>('select kind from change_request where id = $1', [undone]);
  if (request?.kind === 'infoCorrection') return restoreFacts(subject, undone);
  const left = await enrolmentLeftBy(subject, undone);
  const reopened = left ?? enrolment;
  const before = await foundBy(subject, reopened.id, undone);
  if (!before) return { cause: 'illegal-transition' };
  const onRoll = isOnRoll(before.state ?? reopened.state);
  if (onRoll && (await heldBeside(subject, left ? [enrolment.id, left.id] : [enrolment.id]))) return { cause: 'enrolment-held-elsewhere' };
  if (onRoll && !isOnRoll(enrolment.state) && !(await documentIsFree(subject))) return { cause: 'document-in-use' };
  const effectiveOn = dayOf(subject, enrolment.since);
  if (request?.kind === 'graduation') {
    const { ground } = loaded.request.details;
    if (ground === 'enteredByMistake' && (await certificateIsOut(tx, enrolment.id))) return { cause: 'certificate-stands' };
    await takeBackGraduation(subject, undone);
  }
  if (left) await changeEnrolment(subject, { since: effectiveOn, state: 'deregistered', suspendedUntil: null, validTo: effectiveOn });
  const className = onRoll ? await classAgain(subject, reopened, before) : before.className;
  await changeEnrolment({ ...subject, enrolment: reopened }, { since: effectiveOn, ...before, className });
  await recordFilingNotices(subject);
  return { effectiveOn, body: { reopenedEnrolment: reopened.id, ...(left ? { voidedEnrolment: enrolment.id } : {}), undoes: undone } };
};

/** Certificates of it end with it; who was a member is so no more, and may graduate another time. */
async function takeBackGraduation({ tx, deps, loaded, enrolment }: Subject, undone: string): Promise<void> {
  await endCertificates(tx, deps, enrolment.id, loaded.request.id);
  await tx.query(
    `update graduation_member m set state = 'undone' from graduation g
     where g.id = m.graduation_id and g.request_id = $1 and m.student_id = $2 and m.state = 'effected'`,
    [undone, enrolment.studentId],
  );
}

/** The enrolment that a transfer ended when it opened the present one. */
async function enrolmentLeftBy({ tx, enrolment }: Subject, undone: string): Promise<Enrolment | undefined> {
  const [left] = await tx.query<Enrolment[]>(
    `select id, student_id as "studentId", school_id as "schoolId", state, grade,
       to_char(expected_leaving_on, 'YYYY-MM-DD') as "expectedLeavingOn", to_char(valid_from, 'YYYY-MM-DD') as "validFrom",
       to_char(since, 'YYYY-MM-DD') as since
     from enrolment where student_id = $1 and closed_by = $2 and id <> $3`,
    [enrolment.studentId, undone, enrolment.id],
  );
  return left;
}

type Values = Omit<Change, 'since'>;

/** What a change made otherwise of an enrolment, as it was before; undefined where it changed nothing of it. What came since stays. */
async function foundBy({ tx }: Subject, enrolmentId: string, undone: string): Promise<Values | undefined> {
  const versions = await tx.query<(Values & { requestId: string | null })[]>(
    `select request_id as "requestId", state, major_code as "majorCode", grade, class_name as "className", study_mode as "studyMode",
       length_years::float as "lengthYears", to_char(enrolled_on, 'YYYY-MM-DD') as "enrolledOn",
       major_direction as "majorDirection", ${STUDY_FACTS_OF('enrolment_version')},
       to_char(expected_leaving_on, 'YYYY-MM-DD') as "expectedLeavingOn",
       to_char(suspended_until, 'YYYY-MM-DD') as "suspendedUntil", to_char(valid_to, 'YYYY-MM-DD') as "validTo"
     from enrolment_version where enrolment_id = $1 order by seq`,
    [enrolmentId],
  );
  const nth = versions.findIndex(({ requestId }) => requestId === undone);
  const [before, after] = [versions[nth - 1], versions[nth]];
  if (!before || !after) return undefined;
  const { requestId: _before, ...former } = before;
  return Object.fromEntries(Object.entries(former).filter(([field, value]) => value !== after[field as keyof Values])) as Values;
}

/**
 * The class of who is on roll again. While the enrolment had ended it was not kept up: the class may have another name now, or be gone.
 * Null leaves the student unplaced. Undefined where the class is as it stands.
 */
async function classAgain({ tx }: Subject, { id, schoolId }: Enrolment, before: Values): Promise<string | null | undefined> {
  const [now] = await tx.query<{ className: string | null; grade: string; majorCode: string | null }[]>(
    'select class_name as "className", grade, major_code as "majorCode" from enrolment where id = $1',
    [id],
  );
  if (!now) throw new Error('no such enrolment');
  const { className, grade, majorCode } = { ...now, ...before };
  if (className === null || className === undefined) return className === now.className ? undefined : null;
  const [first] = await tx.query<{ schoolId: string }[]>(
    'select school_id as "schoolId" from enrolment_version where enrolment_id = $1 and class_name = $2 order by seq limit 1',
    [id, className],
  );
  const namedAt = first?.schoolId ?? schoolId;
  const named = await classNow(tx, { className, namedOn: BEGINNING, namedAt, schoolId, study: { grade, majorCode } });
  return named === now.className ? undefined : (named ?? null);
}
/** Closed classes count, however long ago they were closed. */
const BEGINNING = '1900-01-01';

/** Nobody holds two. */
async function heldBeside({ tx, enrolment }: Subject, except: readonly string[]): Promise<boolean> {
  const held = await tx.query<unknown[]>(
    `select 1 from enrolment where student_id = $1 and state in ('active','suspended') and not id = any($2::uuid[])`,
    [enrolment.studentId, except],
  );
  return held.length > 0;
}

/** The former values hold again from the first day of the wrong ones; a fact that was never stated before is so again. */
async function restoreFacts(subject: Subject, undone: string): Promise<Effected> {
  const { tx, deps, loaded, enrolment } = subject;
  const former = await formerFacts(tx, deps.cipher, enrolment.studentId, undone);
  const [first] = former;
  if (!first) return { cause: 'illegal-transition' };
  const values = Object.fromEntries(former.map(({ fact, value }) => [fact, value]));
  if (await documentTaken(subject, values)) return { cause: 'document-in-use' };
  const effectiveOn = dayOf(subject, first.validFrom);
  await recordFacts(tx, deps.cipher, enrolment.studentId, values, {
    validFrom: effectiveOn,
    at: new Date(deps.clock.now()),
    requestId: loaded.request.id,
  });
  return { effectiveOn, body: { enrolment: enrolment.id, fields: Object.keys(values), undoes: undone } };
}

/**
 * Since the enrolment ended, a ruling or an amendment may have given the document to somebody else. Then nobody is registered with it here
 * until the other record is put right. A document that nobody else has is the student's own again.
 */
async function documentIsFree({ tx, deps, enrolment: { studentId } }: Subject): Promise<boolean> {
  const contested: unknown[] = await tx.query(`select 1 from student where id = $1 and document_standing = 'contested'`, [studentId]);
  if (contested.length === 0) return true;
  const { document } = await personOf(tx, deps.cipher, studentId);
  if ((await ownersOf(tx, deps.cipher, document, [studentId])).length > 0) return false;
  await tx.query(`update student set document_standing = 'own' where id = $1`, [studentId]);
  return true;
}
