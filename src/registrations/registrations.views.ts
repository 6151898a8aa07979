import { isoInShanghai } from '../platform/clock.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import { told } from '../platform/http/language.js';
import { beyond, type Transaction } from '../platform/database/in-scope.js';
import { registrationEndsOn } from '../domain/terms/registration-period.js';
import { dateOf } from '../domain/working-days.js';
import { maskBirthDate, maskDocument, maskStudentNumber } from '../domain/dossier/id-document.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import { HOLDING_WORDS, REGISTER_WORDS } from '../domain/dossier/other-registers.js';
import type { StudyFact } from '../domain/dossier/study-data.js';
import type { Enrolment } from '../dossier/enrolment.entity.js';
import { personOf } from '../dossier/person.js';
import { furtherFactsOf } from '../dossier/personal.store.js';
import type { RegisterCheck } from '../dossier/register-check.entity.js';
import { STUDY_FACTS_OF } from '../dossier/study-facts.sql.js';
import { maskedFact } from '../domain/dossier/personal-facts.js';
import type { RegisterAnswerView, RegistrationDetail, RegistrationView } from './registrations.dto.js';

/** What the registration shows of the enrolment, with the number still sealed. */
interface Study extends Pick<
  Enrolment,
  StudyFact | 'majorCode' | 'majorDirection' | 'grade' | 'className' | 'studyMode' | 'enrolledOn' | 'expectedLeavingOn'
> {
  readonly number: Buffer;
  readonly lengthYears: number;
}

interface Row extends Omit<RegistrationView, 'recordedAt' | 'side' | 'afterPeriod'> {
  own: boolean;
  enrolledOn: string;
  recordedAt: Date;
  registeredStudentId: string;
  enrolmentId: string;
}

type RegisterRow = Pick<RegisterCheck, 'register' | 'answer' | 'holding' | 'answeredAt'> & { settled: boolean };

const STATE = `case when e.state = 'heldDuplicate' then 'held' when e.state = 'pending' then 'pending'
  when e.state in ('active','suspended') then 'registered' else 'ended' end`;

/** What was compared is told to authorities over the registration, and to the other side of its own record; never to who registers. */
const COMPARED = '(not g.own or o.ancestors && $1)';

/** What was only noted held nothing. */
const HOLDS = `d.outcome is distinct from 'namesakes'`;

/**
 * The day of entry is as it was entered, whatever was put right since: a registration keeps its period. $1: the caller's organisations.
 * Whoever is only the other side sees its own student's id and masked name, nothing of the person held.
 */
export const REGISTRATION_ROWS = `
  with mine as (select id from organisation where id = any($1) or ancestors && $1),
  seen as (
    select g.*, true as own, null::uuid as theirs from registration g where g.school_id in (select id from mine)
    union all
    (select distinct on (g.id) g.*, false, d.other_student_id from duplicate d join registration g on g.id = d.registration_id
     where g.school_id not in (select id from mine)
       and exists (select 1 from enrolment x where x.student_id = d.other_student_id and x.school_id in (select id from mine))
     order by g.id, d.state, d.id)
  )
  select g.id, case when g.own then g.student_id else g.theirs end as "studentId", g.student_id as "registeredStudentId",
    g.enrolment_id as "enrolmentId", g.own,
    ${STATE} as state, ${ORGANISATION_NAME('o')} as school, coalesce(t.masked_name, s.masked_name) as "maskedName", g.late,
    case when g.own then s.authentication else 'pending' end as authentication,
    case when ${COMPARED} then g.findings else array(
      select f from unnest(g.findings) with ordinality f (f, nth)
        where not exists (select 1 from duplicate d where d.registration_id = g.id and f = any(d.types) and ${HOLDS}) order by nth)
      || case when exists (select 1 from duplicate d where d.registration_id = g.id and ${HOLDS}) then '{possibleDuplicate}'::text[]
        else '{}' end
      end as findings,
      to_char(entered.enrolled_on, 'YYYY-MM-DD') as "enrolledOn",
    to_char(g.reported_on, 'YYYY-MM-DD') as "reportedOn", g.recorded_at as "recordedAt",
    (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'types', case when ${COMPARED} then d.types else '{}' end,
      'otherSchool', case when ${COMPARED} then ${ORGANISATION_NAME('p')} end, 'state', d.state, 'outcome', d.outcome,
      'rulingRequestId', d.ruling_request_id) order by d.id), '[]')
     from duplicate d join organisation p on p.id = d.other_school_id
     where d.registration_id = g.id and (g.own or d.other_student_id = g.theirs)) as duplicates
  from seen g join student s on s.id = g.student_id join enrolment e on e.id = g.enrolment_id
    join enrolment_version entered on entered.enrolment_id = e.id and entered.seq = 1 join organisation o on o.id = g.school_id
    left join student t on t.id = g.theirs
  where true`;

export const STATE_IS = (parameter: string): string => `(${parameter}::text is null or ${STATE} = ${parameter})`;

export const registrationView = ({
  own,
  recordedAt,
  registeredStudentId: _student,
  enrolmentId: _enrolment,
  enrolledOn,
  ...row
}: Row): RegistrationView => ({
  ...row,
  afterPeriod: dateOf(recordedAt.getTime()) > registrationEndsOn(enrolledOn),
  side: own ? 'own' : 'other',
  recordedAt: isoInShanghai(recordedAt.getTime()),
});

/** One registration, with its particulars for the side that made it; undefined for whom it does not concern. */
export async function oneRegistration(
  tx: Transaction,
  cipher: FieldCipher,
  organisations: readonly string[],
  id: string,
): Promise<RegistrationDetail | undefined> {
  const [row] = await beyond(tx, 'bothSides', () => tx.query<Row[]>(`${REGISTRATION_ROWS} and g.id = $2`, [organisations, id]));
  if (!row) return undefined;
  const own = row.own && { particulars: await particulars(tx, cipher, row), registers: await registersOf(tx, row.registeredStudentId) };
  return { ...registrationView(row), ...own };
}

/** What registers that are set up say of a student. */
async function registersOf(tx: Transaction, studentId: string): Promise<RegisterAnswerView[]> {
  const rows = await tx.query<RegisterRow[]>(
    `select c.register, c.answer, c.holding, c.answered_at as "answeredAt", c.settled_by is not null as settled
     from register_check c join other_register r using (register) where c.student_id = $1 order by c.register`,
    [studentId],
  );
  return rows.map(({ register, answer, holding, answeredAt, settled }) => ({
    register,
    name: told(REGISTER_WORDS[register]),
    answer: answer ?? 'pending',
    holding,
    message: holding && told(HOLDING_WORDS[holding]),
    answeredAt: answeredAt && isoInShanghai(answeredAt.getTime()),
    settled,
  }));
}

async function particulars(
  tx: Transaction,
  cipher: FieldCipher,
  { registeredStudentId: id, enrolmentId }: Row,
): Promise<Record<string, unknown>> {
  const person = await personOf(tx, cipher, id);
  const facts = await furtherFactsOf(tx, cipher, id);
  const [study] = await tx.query<Study[]>(
    `select s.number_cipher as number, e.major_code as "majorCode",
       e.major_direction as "majorDirection", ${STUDY_FACTS_OF('e')}, e.grade, e.class_name as "className", e.study_mode as "studyMode",
      e.length_years::float as "lengthYears",
       to_char(e.enrolled_on, 'YYYY-MM-DD') as "enrolledOn", to_char(e.expected_leaving_on, 'YYYY-MM-DD') as "expectedLeavingOn"
     from student s join enrolment e on e.id = $2 where s.id = $1`,
    [id, enrolmentId],
  );
  const { number, ...rest } = study ?? {};
  return {
    name: person.name,
    sex: person.sex,
    birthDate: maskBirthDate(person.birthDate),
    documentType: person.document.type,
    documentNumber: maskDocument(person.document.number),
    studentNumber: number && maskStudentNumber(cipher.decrypt(number, `student.number:${id}`)),
    ...rest,
    ...Object.fromEntries(facts.map(({ fact, value }) => [fact, maskedFact(fact, value)])),
  };
}
