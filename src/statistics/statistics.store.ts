import { BELOW } from '../organisations/below.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';

/** What figures of enrolments are counted by. */
export const DIMENSIONS = ['school', 'major', 'grade', 'studyMode', 'sex', 'state'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** No answer is longer; who asks by less gets a shorter one. */
export const MOST_LINES = 10_000;

/** The schools below, and those that took over from them: there the enrolments of a merged school stand now. */
const HEIRS = `heirs as (
    select id from below
    union select o.successor_id from heirs h join organisation o on o.id = h.id where o.successor_id is not null)`;

const ON_ROLL = (state: string): string => `coalesce(${state} in ('active', 'suspended'), false)`;

/**
 * Of an enrolment `e` the version `v` that stood on a day; none where it stands as it did then. The condition stands inside: as a join's it
 * would be asked after each look-up, of which a million are half a minute.
 */
const ON = (day: string): string => `left join lateral (select * from enrolment_version w where e.since > ${day}::date
  and w.enrolment_id = e.id and w.since <= ${day}::date order by w.seq desc limit 1) v on true`;

/**
 * Enrolments at and below organisations ($1) as they stood on a day ($2), in certain states ($3), counted by dimensions ($4). An enrolment
 * that did not change since is its own latest version; of others the version of that day is looked up. At most $5 lines.
 */
export const ENROLMENTS_ON = `
  with recursive ${BELOW('$1')}, ${HEIRS},
  stood as (
    select e.student_id, coalesce(v.school_id, e.school_id) as school_id, coalesce(v.state, e.state) as state,
      case when v.enrolment_id is null then e.major_code else v.major_code end as major_code, coalesce(v.grade, e.grade) as grade,
      coalesce(v.study_mode, e.study_mode) as study_mode
    from enrolment e ${ON('$2')}
    where e.school_id in (select id from heirs) and e.valid_from <= $2::date and (e.since <= $2::date or v.enrolment_id is not null)),
  counted as (
    select case when 'school' = any($4::text[]) then t.school_id end as school_id,
      case when 'major' = any($4::text[]) then t.major_code end as major,
      case when 'grade' = any($4::text[]) then t.grade end as grade,
      case when 'studyMode' = any($4::text[]) then t.study_mode end as "studyMode",
      case when 'sex' = any($4::text[]) then s.sex end as sex, case when 'state' = any($4::text[]) then t.state end as state,
      count(*)::int as count
    from stood t left join lateral (select p.sex from student p where 'sex' = any($4::text[]) and p.id = t.student_id) s on true
    where t.state = any($3::text[]) and t.school_id in (select id from below)
    group by 1, 2, 3, 4, 5, 6)
  select case when o.id is null then null else ${ORGANISATION_NAME('o')} end as school, c.major, c.grade, c."studyMode", c.sex,
    c.state, c.count
  from counted c left join organisation o on o.id = c.school_id
  order by o.code nulls first, c.major nulls first, c.grade nulls first, c."studyMode" nulls first, c.sex nulls first, c.state nulls first
  limit $5`;

const KEY = { authority: 'o.parent_id', school: 'o.id' } as const;
export type MovementGrouping = keyof typeof KEY;
export const MOVEMENT_GROUPINGS = Object.keys(KEY) as MovementGrouping[];

/** Ways onto the roll and off it. What was on the roll and what came in, less what went out, is what is on the roll at the end. */
export const WAYS_IN = ['registered', 'transferredIn', 'reinstated', 'movedIn'] as const;
export const WAYS_OUT = [
  'transferredOut',
  'withdrawn',
  'deregistered',
  'deceased',
  'graduated',
  'completed',
  'advanced',
  'movedOut',
  'returnedToReview',
] as const;
export const WITHIN = ['suspended', 'resumed'] as const;
export const MOVES = [...WAYS_IN, ...WAYS_OUT, ...WITHIN] as const;
export type Movement = (typeof MOVES)[number];

export const MOVEMENT_FIGURES = ['opening', ...MOVES, 'closing'] as const;
const COUNTS = MOVEMENT_FIGURES.map((move) => `count(*) filter (where m.move = '${move}')::int as "${move}"`).join(', ');
const FIGURES = MOVEMENT_FIGURES.map((move) => `c."${move}"`).join(', ');

/**
 * Movements at and below organisations ($1) from a day ($2) through another ($3), by school or competent authority. A version stands while
 * no later one begins on its day or before, so what was undone from its first day on never was. An enrolment that stands as it did before
 * is on the roll at both ends; the versions of others are folded. At most $4 lines.
 */
export const MOVEMENTS = (by: MovementGrouping): string => `
  with recursive ${BELOW('$1')}, ${HEIRS},
  ours as materialized (select e.id, e.opened_by, e.state, e.school_id, e.since, e.valid_from from enrolment e
    where e.school_id in (select id from heirs) and e.valid_from <= $3::date),
  versions as (
    select v.enrolment_id, v.seq, v.since, v.state, v.school_id,
      min(v.since) over (partition by v.enrolment_id order by v.seq rows between 1 following and unbounded following) as later
    from enrolment_version v join ours on ours.id = v.enrolment_id where ours.since >= $2::date),
  steps as materialized (
    select enrolment_id, since, school_id, state, lag(state) over one_by_one as before, lag(school_id) over one_by_one as school_before,
      lead(since) over one_by_one as until
    from versions where later is null or later > since window one_by_one as (partition by enrolment_id order by seq)),
  moves as (
    select s.school_id, case when s.before is not null and s.before not in ('pending', 'heldDuplicate') then 'reinstated'
        when r.kind in ('transfer', 'crossTrackTransfer') then 'transferredIn' else 'registered' end as move
    from steps s join ours on ours.id = s.enrolment_id left join change_request r on r.id = ours.opened_by
    where s.since between $2::date and $3::date and ${ON_ROLL('s.state')} and not ${ON_ROLL('s.before')}
    union all
    select school_before, case when state in ('pending', 'heldDuplicate') then 'returnedToReview' else state end from steps
    where since between $2::date and $3::date and ${ON_ROLL('before')} and not ${ON_ROLL('state')}
    union all
    select x.school_id, x.move from steps s
      cross join lateral (values (s.school_before, 'movedOut'), (s.school_id, 'movedIn')) x (school_id, move)
    where s.since between $2::date and $3::date and ${ON_ROLL('s.before')} and ${ON_ROLL('s.state')} and s.school_id <> s.school_before
    union all
    select school_id, case state when 'suspended' then 'suspended' else 'resumed' end from steps
    where since between $2::date and $3::date and ${ON_ROLL('before')} and ${ON_ROLL('state')} and state <> before
    union all
    select x.school_id, x.move from ours o
      cross join lateral (values (o.school_id, 'opening'), (o.school_id, 'closing')) x (school_id, move)
    where ${ON_ROLL('o.state')} and o.since < $2::date
    union all
    select school_id, 'opening' from steps
    where ${ON_ROLL('state')} and since < $2::date and (until is null or until >= $2::date)
    union all
    select school_id, 'closing' from steps
    where ${ON_ROLL('state')} and since <= $3::date and (until is null or until > $3::date)),
  counted as (
    select ${KEY[by]} as key, ${COUNTS}
    from moves m join below b on b.id = m.school_id join organisation o on o.id = b.id group by 1)
  select ${ORGANISATION_NAME('h')} as organisation, ${FIGURES}
  from counted c join organisation h on h.id = c.key order by h.code limit $4`;

/** How a cohort stands, as the columns of its line. Who is on roll or left with a certificate is retained 巩固. */
export const COHORT_FATES = {
  onRoll: ['active', 'suspended'],
  finished: ['graduated', 'completed', 'advanced'],
  transferredOut: ['transferredOut'],
  withdrawn: ['withdrawn'],
  deregistered: ['deregistered'],
  deceased: ['deceased'],
  returnedToReview: ['pending', 'heldDuplicate'],
} as const;
export type CohortFate = keyof typeof COHORT_FATES;
export const FATES = Object.keys(COHORT_FATES) as CohortFate[];
const FATE_COUNTS = FATES.map(
  (fate) => `count(*) filter (where s.state in (${COHORT_FATES[fate].map((state) => `'${state}'`).join(', ')}))::int as "${fate}"`,
).join(', ');

/**
 * Who was on roll in a grade ($2) on a day ($3) at and below organisations ($1). It says how these stand on a later day ($4), by school
 * or competent authority of the first day, in at most $5 lines.
 */
export const RETENTION = (by: MovementGrouping): string => `
  with recursive ${BELOW('$1')}, ${HEIRS},
  cohort as (
    select e.id, e.state, e.since, coalesce(v.school_id, e.school_id) as school_id
    from enrolment e ${ON('$3')}
    where e.school_id in (select id from heirs) and e.valid_from <= $3::date and (e.since <= $3::date or v.enrolment_id is not null)
      and coalesce(v.grade, e.grade) = $2 and ${ON_ROLL('coalesce(v.state, e.state)')}),
  stands as (
    select e.school_id, coalesce(v.state, e.state) as state from cohort e ${ON('$4')}),
  counted as (
    select ${KEY[by]} as key, count(*)::int as cohort, ${FATE_COUNTS}
    from stands s join below b on b.id = s.school_id join organisation o on o.id = b.id group by 1)
  select ${ORGANISATION_NAME('h')} as organisation, c.cohort, ${FATES.map((fate) => `c."${fate}"`).join(', ')}
  from counted c join organisation h on h.id = c.key order by h.code limit $5`;
