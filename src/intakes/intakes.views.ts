import { endOfIntake } from '../domain/terms/registration-period.js';
import { dateOf } from '../domain/working-days.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import { isoInShanghai } from '../platform/clock.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { PolicyStore } from '../policies/policies.store.js';
import type { IntakeCounts, IntakeRowView, IntakeView, RowState } from './intakes.dto.js';

/** Where a row stands: `g` is the registration, `e` its enrolment, `q` the case in which it was last submitted. */
export const ROW_STATE = `case
  when g.registered_at is not null or e.state in ('active','suspended') then 'registered'
  when e.state = 'heldDuplicate' then 'held'
  when e.state <> 'pending' then 'ended'
  when g.review = 'approved' then 'awaitingAuthentication'
  when g.review is not null then g.review
  when q.state = 'open' then 'underReview'
  else 'entered' end`;

/** The day on which the registration of an intake `i` ends; the domain has it as `endOfIntake` (Art 6, R-06). */
export const ENDS_ON = `make_date(i.year, case i.season when 'spring' then 4 else 11 end, 20)`;

export const ROWS = `registration g join enrolment e on e.id = g.enrolment_id left join change_request q on q.id = g.request_id`;

interface IntakeRow extends Pick<IntakeView, 'id' | 'school' | 'year' | 'season' | 'requestId'> {
  readonly schoolCode: string;
  readonly nth: number;
  readonly openedAt: Date;
  readonly provinceId: string;
  readonly states: Readonly<Partial<Record<RowState, number>>>;
  readonly late: number;
  readonly after: number;
}

/** Intakes with the counts of their rows. The end of the registration is a day, so who registered after it is told by the day. */
const INTAKES = `
  select i.id, ${ORGANISATION_NAME('o')} as school, o.code as "schoolCode", o.province_id as "provinceId", i.year, i.season, i.nth,
    i.opened_at as "openedAt", coalesce(r.states, '{}') as states, coalesce(r.late, 0)::int as late, coalesce(r.after, 0)::int as after,
    r."requestId"
  from intake i join organisation o on o.id = i.school_id
    left join lateral (
      select jsonb_object_agg(s.state, s.n) as states, sum(s.late) as late, sum(s.after) as after, max(s.open::text)::uuid as "requestId"
      from (
        select ${ROW_STATE} as state, count(*) as n, count(*) filter (where g.late) as late,
          count(*) filter (where (g.registered_at at time zone 'Asia/Shanghai')::date
            > ${ENDS_ON}) as after,
          (array_agg(q.id) filter (where q.state = 'open'))[1] as open
        from ${ROWS} where g.intake_id = i.id group by 1) s) r on true
  where (o.id = any($1::uuid[]) or o.ancestors && $1)`;

const LISTED = `${INTAKES} and ($2::uuid is null or i.school_id = $2) and ($3::int is null or i.year = $3)
  and ($4::text is null or i.season = $4) and ($5::timestamptz is null or (i.opened_at, i.id) < ($5, $6::uuid))
  order by i.opened_at desc, i.id desc limit $7`;

export const listIntakes = (tx: Transaction, values: readonly unknown[]): Promise<IntakeRow[]> =>
  tx.query<IntakeRow[]>(LISTED, [...values]);

/** Undefined for whom it does not concern. */
export async function oneIntake(tx: Transaction, organisations: readonly string[], id: string): Promise<IntakeRow | undefined> {
  const [row] = await tx.query<IntakeRow[]>(`${INTAKES} and i.id = $2`, [organisations, id]);
  return row;
}

export const intakeName = ({ schoolCode, year, season, nth }: Pick<IntakeRow, 'schoolCode' | 'year' | 'season' | 'nth'>): string =>
  `${schoolCode}-${year}-${season}-${nth}`;

/** With the working days that the school's province gives it today. */
export async function intakeView(tx: Transaction, policies: PolicyStore, row: IntakeRow, now: number): Promise<IntakeView> {
  const { states, late, after, schoolCode: _code, provinceId, nth: _nth, openedAt, ...plain } = row;
  const { registerWorkingDays } = await policies.inForce(tx, provinceId, dateOf(now));
  const counts = countsOf(states);
  const done = counts.registered + counts.ended;
  const endsOn = endOfIntake(`${row.year}-${row.season}`);
  return {
    ...plain,
    number: intakeName(row),
    openedAt: isoInShanghai(openedAt.getTime()),
    counts,
    progress: counts.rows === 0 ? 1 : done / counts.rows,
    recordDeadline: { workingDays: registerWorkingDays, late },
    registrationDeadline: { endsOn, overdue: dateOf(now) > endsOn && done < counts.rows, left: counts.rows - done, late: after },
  };
}

function countsOf(states: IntakeRow['states']): IntakeCounts {
  const of = (state: RowState) => states[state] ?? 0;
  return {
    rows: Object.values(states).reduce((sum, n) => sum + n, 0),
    entered: of('entered'),
    underReview: of('underReview'),
    returned: of('returned'),
    heldBack: of('heldBack'),
    held: of('held'),
    awaitingAuthentication: of('awaitingAuthentication'),
    registered: of('registered'),
    ended: of('ended'),
  };
}

export const reasonPlace = (registrationId: string): string => `registration.reviewReason:${registrationId}`;

interface RowOfIntake extends Omit<IntakeRowView, 'returned'> {
  readonly step: string | null;
  readonly reason: Buffer | null;
}

/** What an earlier review said of a row is over with its correction: it comes with the next submission. */
export const REVIEW_IS_OVER = `
  update registration set reported_on = $2, late = $3, request_id = null, review = null, review_step = null, review_reason = null,
    cause = null where id = $1`;

/** A page of the rows of an intake ($1), after one of them ($2), of a state ($3). $5: only that row. */
export const PAGE_OF_ROWS = `
  select * from (
    select g.id, g.student_id as "studentId", s.masked_name as "maskedName", ${ROW_STATE} as state, g.cause, g.review_step as step,
      g.review_reason as reason, to_char(g.reported_on, 'YYYY-MM-DD') as "reportedOn", g.late, s.authentication,
      g.photograph_id as "photographId",
      coalesce((g.registered_at at time zone 'Asia/Shanghai')::date
        > ${ENDS_ON}, false) as "afterPeriod"
    from intake i join ${ROWS} on g.intake_id = i.id join student s on s.id = g.student_id
    where i.id = $1 and ($2::uuid is null or g.id > $2) and ($5::uuid is null or g.id = $5)) r
  where $3::text is null or state = $3 order by id limit $4`;

export const rowsOfIntake = (tx: Transaction, values: readonly unknown[]): Promise<RowOfIntake[]> =>
  tx.query<RowOfIntake[]>(PAGE_OF_ROWS, [...values]);

export const rowView = (cipher: FieldCipher, { step, reason, ...row }: RowOfIntake): IntakeRowView => ({
  ...row,
  returned: row.state === 'returned' && step ? { step, reason: reason && cipher.decrypt(reason, reasonPlace(row.id)) } : null,
});
