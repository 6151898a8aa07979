import { Injectable } from '@nestjs/common';
import { conversionBlockers, type Completed } from '../domain/graduation/conversion.js';
import { blocker } from '../domain/refusal.js';
import { attachable } from '../evidence/attachable.js';
import { ownSchool } from '../organisations/own-organisation.js';
import type { Caller } from '../platform/access/caller.js';
import type { KeyedRequest } from '../platform/access/idempotency.js';
import { beyond, type Transaction } from '../platform/database/in-scope.js';
import { Problem, refuseBlocked } from '../platform/http/problem.js';
import { otherReviewers } from '../requests/filing.store.js';
import { ClerksWork, type SchoolWork } from './clerks-work.js';
import { GraduationReading } from './graduation-reading.service.js';
import type { ConvertCompletion, GraduationView } from './graduations.dto.js';
import { recordGraduationAct } from '../dossier/graduation-acts.js';
import { enterGraduation, membersOf } from './graduations.store.js';
import { OPEN_GRADUATION, OPEN_REQUEST } from './leaving-students.js';
import { submitForReview } from './submitting.js';

/** A student ($2) with the latest enrolment at a school ($1) that ended by a completion, or else the latest one there. */
const COMPLETED = `
  select e.id as "enrolmentId", e.state, to_char(e.valid_to, 'YYYY-MM-DD') as "completedOn", ${OPEN_REQUEST('s.id')} as "openRequest",
    ${OPEN_GRADUATION('s.id', 'null::uuid')} as "openGraduation"
  from student s join enrolment e on e.student_id = s.id and e.school_id = $1 where s.id = $2
  order by (e.state = 'completed') desc, e.valid_from desc limit 1`;

/** 结业生换发毕业证书: a completion becomes a graduation, by a case of its own that the school's reviewer decides (Art 20, R-25, A13). */
@Injectable()
export class Conversions {
  constructor(
    private readonly clerks: ClerksWork,
    private readonly reading: GraduationReading,
  ) {}

  /** @throws Problem not-found, not-your-office, unknown-evidence, and each reason why the completion can't become a graduation now */
  convert(caller: Caller, keyed: KeyedRequest, body: ConvertCompletion): Promise<GraduationView> {
    return this.clerks.run(
      caller,
      keyed,
      (actor) => ownSchool(actor, body.schoolId),
      async (work) => {
        const { tx, school, policy, by, at, today, deps } = work;
        const enrolment = await completionOf(tx, school.id, body.studentId);
        if (!enrolment) throw new Problem('not-found');
        const files = await attachable(tx, body.evidenceIds, [school.id], at.getTime());
        refuseBlocked([
          ...conversionBlockers(enrolment, body, policy, today),
          ...(files.length < body.evidenceIds.length ? [blocker('unknown-evidence', 'filer', '/evidenceIds')] : []),
          ...((await otherReviewers(tx, school.id, by.personId, at.getTime())) === 0 ? [blocker('no-second-reviewer', 'authority')] : []),
        ]);
        const { id, code } = await enter(work, body, enrolment.enrolmentId);
        const members = await membersOf(tx, id, 'listed');
        await recordGraduationAct(tx, deps, id, { kind: 'drawnUp', by, body: { schoolId: school.id, code, members } });
        const { reason, evidenceIds, agreedOn } = body;
        await submitForReview(work, { id, code }, members, { reason, evidenceIds, agreedOn, byAuthority: false });
        return this.reading.one(tx, id);
      },
    );
  }
}

interface CompletedEnrolment extends Completed {
  readonly enrolmentId: string;
}

async function completionOf(tx: Transaction, schoolId: string, studentId: string): Promise<CompletedEnrolment | undefined> {
  const [row] = await beyond(tx, 'filing', () => tx.query<CompletedEnrolment[]>(COMPLETED, [schoolId, studentId]));
  return row;
}

/** The day of graduation is not known before the school agrees; until then the day of the filing stands in. */
const enter = (
  { tx, school, at, today }: SchoolWork,
  { studentId, assessmentPassedOn, agreedOn = today }: ConvertCompletion,
  enrolmentId: string,
): Promise<{ id: string; code: string }> =>
  enterGraduation(tx, {
    schoolId: school.id,
    year: today.slice(0, 4),
    purpose: 'conversion',
    classId: null,
    leavingOn: agreedOn,
    at,
    members: [{ studentId, enrolmentId, outcome: 'graduated', leavingOn: agreedOn, early: null, assessmentPassedOn }],
  });
