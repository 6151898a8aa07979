import type { EnrolmentState } from '../../domain/dossier/dossier.js';
import { leavingOnWith } from '../../domain/dossier/grades.js';
import { handoverOf } from '../../domain/case/handover.js';
import { studyPlaced } from '../../domain/preconditions/index.js';
import { trackOf } from '../../domain/offices.js';
import { registeredElsewhere } from '../registered-elsewhere.js';
import { asAct } from '../../cases/cases.store.js';
import { newId } from '../../platform/ledger/new-id.js';
import { instantOf } from '../../domain/working-days.js';
import { holderOf } from '../../organisations/succession.js';
import { recordFilingNotices } from './filing-notices.js';
import { CLASS_SINCE } from '../../classes/named-classes.js';
import { changeEnrolment, classAfter, classNamed, dayOf, placementOf, type Effect, type Effected, type Subject } from '../effect.js';

/**
 * The effect of a transfer (Art 14). The student number stays.
 * 1. The source enrolment is closed.
 * 2. The destination's is opened with the placement, unless that school keeps its register outside (A23).
 * 3. The filing notices to both provinces are recorded.
 */
export const moveToSchool: Effect = async (subject) => {
  const { tx, loaded, enrolment, today } = subject;
  const { parties } = loaded.state.route;
  const destination = await holderOf(tx, parties.destinationSchool ?? '', instantOf(today));
  if (!destination || destination.onBehalfOf) return { cause: 'destination-school-closed' };
  if (destination.id === enrolment.schoolId) return placeWithin(subject);
  if (await isRegisteredElsewhere(subject, destination.id)) return { cause: 'registered-elsewhere' };
  const handover = handoverOf(loaded.state.route, loaded.acts.map(asAct));
  const effectiveOn = dayOf(subject);
  await changeEnrolment(subject, { since: effectiveOn, state: subject.to, validTo: effectiveOn });
  // A school outside keeps its own register.
  const opened = handover?.direction === 'out' ? undefined : await openAtDestination(subject, effectiveOn, destination.id);
  await recordFilingNotices(subject);
  return {
    effectiveOn,
    body: {
      // That the student left the outside school is only noted here, for nobody holds two; its own register closes by the hand-over.
      ...(handover?.direction === 'in' ? { leftOutside: enrolment.id } : { closedEnrolment: enrolment.id }),
      ...(opened ? { openedEnrolment: opened } : {}),
      from: enrolment.schoolId,
      to: destination.id,
      ...(handover ? { handover } : {}),
    },
  };
};

/** Who comes from the other track, or waited for the day, may have been registered meanwhile: the registry is asked again. */
async function isRegisteredElsewhere({ tx, deps, loaded, enrolment }: Subject, destinationId: string): Promise<boolean> {
  if (loaded.request.kind !== 'crossTrackTransfer' && !loaded.state.scheduled) return false;
  const [school] = await tx.query<{ type: string }[]>('select type from organisation where id = $1', [destinationId]);
  return school !== undefined && trackOf(school.type) === 'vocational' && registeredElsewhere(tx, deps.cipher, enrolment.studentId);
}

/** The two schools have become one since the filing: the student is there already, and what is left of the transfer is the placement. */
async function placeWithin(subject: Subject): Promise<Effected> {
  const placement = placementOf(subject.loaded);
  const { majorCode, grade } = placement;
  const className = await classAfter(subject, placement);
  const effectiveOn = dayOf(subject);
  const expectedLeavingOn = grade === undefined ? undefined : leavingOnWith(grade, subject.enrolment);
  await changeEnrolment(subject, { since: effectiveOn, majorCode, grade, className, expectedLeavingOn });
  await recordFilingNotices(subject);
  return { effectiveOn, body: { placedWithin: subject.enrolment.id } };
}

/** A student placed in another year of intake leaves with it. */
async function openAtDestination(subject: Subject, effectiveOn: string, destinationId: string): Promise<string> {
  const { tx, deps, loaded, enrolment } = subject;
  const placement = placementOf(loaded);
  const [row]: { majorCode: string | null; studyMode: string; type: string }[] = await tx.query(
    `select e.major_code as "majorCode", e.study_mode as "studyMode", o.type from enrolment e, organisation o
      where e.id = $1 and o.id = $2`,
    [enrolment.id, destinationId],
  );
  if (!row) throw new Error('a transfer has an enrolment and a destination');
  const { grade, majorCode, studyMode } = studyPlaced(placement, {
    enrolment: { grade: enrolment.grade, majorCode: row.majorCode, studyMode: row.studyMode },
    place: { track: trackOf(row.type) },
  });
  const className = await classNamed(subject, placement.className, { grade, majorCode }, destinationId);
  const id = newId();
  const state: EnrolmentState = 'active';
  await tx.query(
    `insert into enrolment (id, student_id, school_id, state, major_code, grade, class_name, study_mode, length_years, enrolled_on,
      expected_leaving_on, major_direction, admission_kind, origin, cross_stage,
      valid_from, since, recorded_at, changed_at, opened_by, changed_by, class_since)
     select $2, student_id, $3, $10, $4, $5, $6, $12, length_years, enrolled_on, $11,
       case when major_code = $4 then major_direction end, admission_kind, origin, cross_stage,
       $7, $7, $8, $8, $9, $9, ${CLASS_SINCE('$3', '$6', '$7')}
     from enrolment where id = $1`,
    [
      enrolment.id,
      id,
      destinationId,
      majorCode,
      grade,
      className,
      effectiveOn,
      new Date(deps.clock.now()),
      loaded.request.id,
      state,
      leavingOnWith(grade, enrolment),
      studyMode,
    ],
  );
  return id;
}
