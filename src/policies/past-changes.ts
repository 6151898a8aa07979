/**
 * SQL of what counts as a past change, by an instant. A change that was undone counts no more from the undoing on: neither its number nor
 * its days. Filing and preview of a policy ask alike.
 */

/** Whether a change of the student was undone by an instant (A19). */
export const WAS_UNDONE = (request: string, until = `'infinity'`): string =>
  `exists (select 1 from change_request undoing where undoing.student_id = ${request}.student_id and undoing.kind = 'reinstatement'
     and undoing.state = 'approved' and undoing.closed_at <= ${until} and undoing.details ->> 'requestId' = ${request}.id::text)`;

const TRANSFERS = `('transfer', 'crossTrackTransfer')`;

/**
 * First day of the student's present study: of the latest enrolment that no transfer opened. A correction may move the day of entry, and
 * then enrolments before and after a transfer have different ones.
 */
export const STUDY_SINCE = (student: string, until: string): string =>
  `(select max(began.valid_from) from enrolment began where began.student_id = ${student} and began.recorded_at <= ${until}
     and not exists (select 1 from change_request move where move.id = began.opened_by and move.kind in ${TRANSFERS}))`;

/** How many changes of a kind took effect in the present study, of those filed before an instant. */
export const CHANGES_BEFORE = (kind: 'suspension' | 'repeatYear', student: string, until = `'infinity'::timestamptz`): string =>
  `(select count(*) from change_request past where past.student_id = ${student} and past.state = 'approved' and past.kind = '${kind}'
     and past.filed_at < ${until} and past.filed_at >= ${STUDY_SINCE(student, until)}::timestamp at time zone 'Asia/Shanghai'
     and not ${WAS_UNDONE('past', until)})::int`;

/**
 * Days of a student's suspensions until an instant, over all versions of the enrolments of the present study. Service in the army does not
 * count. A suspension that runs counts up to the instant.
 */
export const SUSPENDED_DAYS = (student: string, until: string): string => `(
  select coalesce(sum(greatest(0, coalesce(w.next, (${until} at time zone 'Asia/Shanghai')::date) - w.since)), 0)::int from (
    select v.state, v.since, v.recorded_at, lead(v.since) over (order by v.recorded_at, v.seq) as next
    from enrolment e join enrolment_version v on v.enrolment_id = e.id
    where e.student_id = ${student} and v.recorded_at <= ${until} and e.valid_from >= ${STUDY_SINCE(student, until)}) w
    left join lateral (select u.id, u.student_id, u.details ->> 'ground' as ground from change_request u where u.student_id = ${student}
      and u.kind = 'suspension' and u.state in ('open', 'approved') and u.filed_at <= w.recorded_at order by u.filed_at desc limit 1) s
      on true
  where w.state = 'suspended' and s.ground is distinct from 'military' and not ${WAS_UNDONE('s', until)})`;

/** Students of a school, and how many of them had asked to repeat a year by an instant, in its calendar year. */
export const REPEATING = (school: string, until: string): string => `jsonb_build_object(
  'students', (select count(*) from enrolment e where e.school_id = ${school} and e.state in ('active', 'suspended')),
  'repeats', (select count(*) from change_request u where u.source_school_id = ${school} and u.kind = 'repeatYear' and u.state in ('open',
    'approved')
     and u.filed_at < ${until} and u.filed_at >= date_trunc('year', ${until} at time zone 'Asia/Shanghai') at time zone 'Asia/Shanghai'
     and not ${WAS_UNDONE('u', until)}))`;

/**
 * Since when who is suspended has been so without a break: the first day of the versions after the last one that still stands otherwise. A
 * version stands while no later one begins on its day or before: an undone resumption breaks nothing.
 */
export const SUSPENDED_SINCE = (enrolment: string, until = `'infinity'::timestamptz`): string =>
  `(select min(v.since) from enrolment_version v where v.enrolment_id = ${enrolment} and v.state = 'suspended' and v.recorded_at <= ${until}
     and not exists (select 1 from enrolment_version w where w.enrolment_id = v.enrolment_id and w.seq > v.seq
       and w.recorded_at <= ${until} and w.state <> 'suspended'
       and not exists (select 1 from enrolment_version x where x.enrolment_id = w.enrolment_id and x.seq > w.seq
         and x.recorded_at <= ${until} and x.since <= w.since)))`;
