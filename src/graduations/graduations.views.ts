import { LEAVING_OUTCOMES } from '../domain/graduation/outcomes.js';
import { leavingWindow } from '../domain/graduation/window.js';
import { MESSAGES, type MessageCode } from '../domain/messages/messages.js';
import type { PlainDate, WorkingCalendar } from '../domain/working-days.js';
import { isoIfAny, isoInShanghai } from '../platform/clock.js';
import { told } from '../platform/http/language.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import type { GraduationMemberView, GraduationView } from './graduations.dto.js';
import { MEMBER_STATES, type MemberState } from './graduation-member.entity.js';

/** How far a graduation is: by its case, once it is submitted. */
const STATE = `case when r.id is null then 'drawnUp' when r.state = 'open' then case when g.completed_on is null then 'submitted'
  else 'approved' end when r.state = 'approved' then 'effected' when r.state = 'superseded' then 'cancelled' else r.state end`;

const countOf = (column: string, value: string): string => `'${value}', count(*) filter (where m.${column} = '${value}')::int`;
const COUNTS = (column: string, values: readonly string[]): string =>
  `jsonb_build_object(${values.map((value) => countOf(column, value)).join(', ')})`;

const GRADUATION = `
  select g.id, ${ORGANISATION_NAME('o')} as school, g.code, g.purpose, ${STATE} as state, o.province_id as "provinceId",
    case when c.id is not null then jsonb_build_object('id', c.id, 'name', c.name) end as class,
    case when r.id is not null then jsonb_build_object('id', r.id, 'number', r.number) end as request,
    to_char(g.leaving_on, 'YYYY-MM-DD') as "leavingOn", g.drawn_up_at as "drawnUpAt", g.submitted_at as "submittedAt",
    to_char(g.completed_on, 'YYYY-MM-DD') as "completedOn", array[o.id] || o.ancestors as line, t.*
  from graduation g join organisation o on o.id = g.school_id left join school_class c on c.id = g.class_id
    left join change_request r on r.id = g.request_id
    cross join lateral (select count(*)::int as students, ${COUNTS('state', MEMBER_STATES)} as counts,
      ${COUNTS('outcome', LEAVING_OUTCOMES)} as outcomes, coalesce(bool_or(m.late), false) as "lateMember",
      to_char(min(m.leaving_on) filter (where m.state = 'listed'), 'YYYY-MM-DD') as "firstLeavingOn"
      from graduation_member m where m.graduation_id = g.id) t`;

export const ONE_GRADUATION = `${GRADUATION} where g.id = $1`;
/** Graduations of schools within the scope: of one school ($1) and in a state ($2), if given, before a place ($3, $4), at most $5. */
export const GRADUATIONS = `${GRADUATION}
  where ($1::uuid is null or g.school_id = $1) and ($2::text is null or ${STATE} = $2)
    and ($3::timestamptz is null or (g.drawn_up_at, g.id) < ($3, $4::uuid))
  order by g.drawn_up_at desc, g.id desc limit $5`;

export interface GraduationRow extends Omit<GraduationView, 'drawnUpAt' | 'submittedAt' | 'late' | 'opensOn' | 'progress'> {
  drawnUpAt: Date;
  submittedAt: Date | null;
  provinceId: string | null;
  line: string[];
  lateMember: boolean;
  firstLeavingOn: string | null;
}

/** A graduation that has not been completed on a leaving day is late, and stays so. */
export function graduationView(row: GraduationRow, calendar: WorkingCalendar, workingDays: number, today: PlainDate): GraduationView {
  const { drawnUpAt, submittedAt, lateMember, firstLeavingOn, provinceId: _, line: __, ...view } = row;
  const pending = view.state === 'drawnUp' || view.state === 'submitted';
  const { counts, students } = view;
  return {
    ...view,
    opensOn: leavingWindow(calendar, firstLeavingOn ?? view.leavingOn, workingDays).opensOn,
    drawnUpAt: isoInShanghai(drawnUpAt.getTime()),
    submittedAt: isoIfAny(submittedAt),
    late: lateMember || (view.purpose === 'class' && pending && firstLeavingOn !== null && firstLeavingOn < today),
    progress: view.state === 'effected' ? 1 : Math.round((100 * (students - counts.listed)) / students) / 100,
  };
}

/** The students of a graduation ($1) in the order of their rows, in a state ($2) if given, after one ($3), at most $4. */
export const MEMBERS = `
  select m.id as row, m.student_id as "studentId", s.masked_name as "maskedName", m.outcome,
    to_char(m.leaving_on, 'YYYY-MM-DD') as "leavingOn",
    m.early, to_char(m.assessment_passed_on, 'YYYY-MM-DD') as "assessmentPassedOn", m.state, m.late, m.cause, m.effected_at as "effectedAt"
  from graduation_member m join student s on s.id = m.student_id
  where m.graduation_id = $1 and ($2::text is null or m.state = $2) and ($3::uuid is null or m.id > $3) order by m.id limit $4`;

export interface MemberRow extends Omit<GraduationMemberView, 'effectedAt' | 'why' | 'blockers'> {
  state: MemberState;
  effectedAt: Date | null;
}

const isCode = (code: string): code is MessageCode => Object.hasOwn(MESSAGES, code);

/** Why a student is not carried on with, in words. */
export function whyNot(cause: string | null, returned?: string | null): string | null {
  if (cause !== null) return isCode(cause) ? told(MESSAGES[cause]) : null;
  return returned ?? null;
}
