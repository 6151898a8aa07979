import { randomUUID } from 'node:crypto';
import { addDays } from '../../../src/domain/working-days.js';
import { asOwner } from '../../fixtures/owner.js';
import type { OfficeDuty } from './offices.js';
import type { Person } from './cast.js';
import { has, NOT_YOURS, registersTerms, unless, type Refusing } from './standing-over.js';
import type { Stage } from './stage.js';

const ofClerk: Refusing = ({ places: { source } }, caller) => unless(has(caller, 'schoolClerk', source), NOT_YOURS);

/**
 * Who is refused may name anybody. The school's clerk names somebody else each time: in study for more than a year, with nothing open, in
 * no graduation yet, and registered in the term.
 */
async function aStudent(stage: Stage, caller: Person): Promise<{ id: string; enrolmentId: string }> {
  const { system, places, students } = stage;
  const { source } = places;
  const isClerk = has(caller, 'schoolClerk', source);
  const [one] = await asOwner<{ id: string; enrolmentId: string }[]>(
    system,
    `select e.student_id as id, e.id as "enrolmentId" from enrolment e where e.school_id = $1 and e.state = 'active'
       and not e.student_id = any($3::uuid[])
       and (not $2::boolean or
       e.enrolled_on < current_date - 400 and e.since = e.enrolled_on
       and not exists (select 1 from change_request r where r.student_id = e.student_id)
       and not exists (select 1 from graduation_member m where m.student_id = e.student_id)
       and not exists (select 1 from duplicate d where e.student_id in (d.held_student_id, d.other_student_id)))
     order by e.id desc limit 1`,
    [source.id, isClerk, students.map((one) => one.id)],
  );
  if (!one) throw new Error('no such student is left');
  if (isClerk) {
    const clerk = await stage.holder(source, 'schoolClerk');
    await clerk.post(`/schools/${source.id}/terms/current/registrations`, { studentIds: [one.id] });
  }
  return one;
}

/** Drawn up by nobody, for one student who leaves today. */
export async function drawnUp(stage: Stage, caller: Person): Promise<string> {
  const { id: studentId, enrolmentId } = await aStudent(stage, caller);
  const id = randomUUID();
  await asOwner(
    stage.system,
    `with one as (insert into graduation (id, school_id, code, purpose, leaving_on, drawn_up_at)
         values ($1::uuid, $2, $1::uuid::text, 'class', $3, now())
       returning id)
     insert into graduation_member (id, graduation_id, student_id, enrolment_id, outcome, leaving_on, state)
       select $1::uuid, id, $4, $5, 'discontinued', $3, 'listed' from one`,
    [id, stage.places.source.id, stage.today, studentId, enrolmentId],
  );
  return id;
}

async function completed(stage: Stage, caller: Person): Promise<string> {
  const { id, enrolmentId } = await aStudent(stage, caller);
  if (!has(caller, 'schoolClerk', stage.places.source)) return id;
  const on = addDays(stage.today, -100);
  await asOwner(stage.system, `update enrolment set state = 'completed', since = $2, valid_to = $2 where id = $1`, [enrolmentId, on]);
  return id;
}

/** How students leave the school: drawn up and submitted by its clerk. */
export const GRADUATION_DUTIES: readonly OfficeDuty[] = [
  {
    endpoint: 'graduations',
    acts: ['drawnUp'],
    call: async (stage, caller) => ({
      path: '/graduations',
      body: {
        schoolId: stage.places.source.id,
        students: [{ studentId: (await aStudent(stage, caller)).id }],
        outcome: 'discontinued',
        leavingOn: stage.today,
      },
    }),
    refused: ofClerk,
  },
  {
    endpoint: 'graduations/{id}/submission',
    acts: ['filed', 'submitted'],
    call: async (stage, caller) => ({ path: `/graduations/${await drawnUp(stage, caller)}/submission` }),
    refused: registersTerms,
  },
  {
    endpoint: 'graduations/{id}/withdrawals',
    acts: ['membersWithdrawn'],
    call: async (stage, caller) => {
      const [id, other] = [await drawnUp(stage, caller), await drawnUp(stage, caller)];
      const [both] = await asOwner<{ first: string }[]>(
        stage.system,
        `update graduation_member set graduation_id = $1 where graduation_id = $2 and student_id not in
           (select student_id from graduation_member where graduation_id = $1) returning student_id as first`,
        [id, other],
      ).then((rows) => rows.flat() as { first: string }[]);
      const [named] = await asOwner<{ id: string }[]>(
        stage.system,
        'select student_id as id from graduation_member where graduation_id = $1 order by student_id = $2 desc limit 1',
        [id, both?.first ?? null],
      );
      return { path: `/graduations/${id}/withdrawals`, body: { studentIds: [named?.id], reason: '需先休学' } };
    },
    refused: registersTerms,
  },
  {
    endpoint: 'graduations/conversions',
    acts: ['drawnUp', 'filed', 'submitted'],
    call: async (stage, caller) => ({
      path: '/graduations/conversions',
      body: {
        schoolId: stage.places.source.id,
        studentId: await completed(stage, caller),
        assessmentPassedOn: stage.today,
        evidenceIds: [!caller.disabled && has(caller, 'schoolClerk') ? await stage.evidenceOf(caller) : randomUUID()],
        reason: '补考合格',
      },
    }),
    refused: ofClerk,
  },
];
