import { words, type Words } from '../domain/messages/words.js';

/** What a doubt matters to: the quality of the dossiers 数据核查, or subsidies 资助. */
export const DOUBT_PURPOSES = ['dossiers', 'subsidies'] as const;
export type DoubtPurpose = (typeof DOUBT_PURPOSES)[number];

/**
 * A rule that finds doubts 疑点 in sets. Its SQL is of an enrolment on roll `e`, the student `s` and what is asked `p`. What it saw is the
 * doubt: an answer stands while that stays the same.
 */
export interface DoubtRule {
  readonly name: Words;
  /** The article, rule or reading that it stands on. */
  readonly basis: string;
  readonly purposes: readonly DoubtPurpose[];
  readonly when: string;
  /** A JSON object without anything personal. */
  readonly seen: string;
}

/** A sealed text holds more than number of key, nonce and tag: a fact that was withdrawn has an empty one. */
const EMPTY = 29;
const STATED = (fact: string): string => `coalesce((select octet_length(f.value_cipher) > ${EMPTY} from student_fact f
  where f.student_id = e.student_id and f.fact = ${fact} order by f.seq desc limit 1), false)`;

/** Certainly a minor in a year: the day of birth stands sealed. */
const MINOR_IN = (year: string): string => `s.birth_year + 18 > ${year}`;
const YEAR_OF = (day: string): string => `extract(year from ${day})::int`;

const LACKING = `(select jsonb_agg(w.name order by w.name) as fields from unnest(p.required) w (name)
  where (w.name <> 'documentValidThrough' or s.document_type <> 'residentId')
    and (w.name !~* 'guardian' or ${MINOR_IN(YEAR_OF('e.enrolled_on'))})
    and not case w.name when 'admissionKind' then e.admission_kind is not null when 'origin' then e.origin is not null
      when 'crossStage' then e.cross_stage is not null when 'teachingSite' then e.teaching_site is not null
      when 'numberAtSchool' then e.number_at_school is not null else ${STATED('w.name')} end)`;

const AGE_AT_ENTRY = `${YEAR_OF('e.enrolled_on')} - s.birth_year`;
/** Ages at entry of which nobody doubts. Adults study part-time, or at a school for adults. */
const [YOUNGEST, OLDEST] = [13, 22];

const UNREGISTERED = (terms: string): string => `not exists (select 1 from ${terms} t (year, nth)
  join term_registration r on r.student_id = e.student_id and r.year = t.year and r.nth = t.nth and r.retracted_at is null)`;
/** Active on a day and ever since. */
const ACTIVE_SINCE = (day: string): string => `e.state = 'active' and e.valid_from <= ${day}
  and coalesce((select v.state from enrolment_version v where v.enrolment_id = e.id and v.since <= ${day} order by v.seq desc limit 1)
    = 'active', false)
  and not exists (select 1 from enrolment_version v where v.enrolment_id = e.id and v.since > ${day} and v.state <> 'active')`;

/** Other students with the same picture, on a certificate or in an intake. */
const SAME_PHOTOGRAPH = `(select count(distinct o.student_id) as others from evidence a join evidence b on b.sha256 = a.sha256
  cross join lateral (select d.student_id from certificate d where d.photograph_id = b.id and d.state <> 'void'
    union all select h.student_id from registration h where h.photograph_id = b.id) o
  where a.id in (select c.photograph_id from certificate c where c.student_id = e.student_id and c.state <> 'void'
    union all select g.photograph_id from registration g where g.enrolment_id = e.id) and o.student_id <> e.student_id)`;

const EXPIRED = `(select f.day from student_fact f where f.student_id = e.student_id and f.fact = 'documentValidThrough'
  order by f.seq desc limit 1)`;

/** Every rule once. A further one is an entry; whoever reads lists learns it from `GET /data-checks/rules`. */
export const DOUBT_RULES = {
  requiredMissing: {
    name: words('必填项缺失', 'a required field is missing'),
    basis: 'Art 3, 6; R-02',
    purposes: ['dossiers'],
    when: 'true',
    seen: `(select jsonb_build_object('fields', l.fields) from ${LACKING} l where l.fields is not null)`,
  },
  implausibleAge: {
    name: words('入学年龄异常', 'an age at entry that is not likely'),
    basis: 'Art 3, 26; R-30',
    purposes: ['dossiers', 'subsidies'],
    when: `(${AGE_AT_ENTRY} < ${YOUNGEST} or ${AGE_AT_ENTRY} > ${OLDEST} and e.study_mode = 'fullTime' and not p.for_adults)`,
    seen: `jsonb_build_object('ageAtEntry', ${AGE_AT_ENTRY})`,
  },
  unplaced: {
    name: words('在读未编班', 'active and in no class'),
    basis: 'Art 3; R-02',
    purposes: ['dossiers'],
    when: `e.state = 'active' and e.class_name is null`,
    seen: `jsonb_build_object('since', e.since)`,
  },
  unregisteredForThreeTerms: {
    name: words('连续三学期未注册', 'not registered for three terms'),
    basis: 'Art 13; R-15, A12',
    purposes: ['dossiers', 'subsidies'],
    when: `e.enrolled_on < p.three_intake_from and ${ACTIVE_SINCE('p.three_from')} and ${UNREGISTERED('unnest(p.years, p.nths)')}`,
    seen: `jsonb_build_object('since', p.years[3] || '-' || p.nths[3])`,
  },
  unregisteredForTheTerm: {
    name: words('逾期未办学期注册', 'not registered for the latest term whose last day has passed'),
    basis: 'Art 13; R-15, A12',
    purposes: ['subsidies'],
    when: `e.enrolled_on < p.intake_from and ${ACTIVE_SINCE('p.term_from')}
      and ${UNREGISTERED('(values (p.years[1], p.nths[1]))')}`,
    seen: `jsonb_build_object('term', p.years[1] || '-' || p.nths[1])`,
  },
  pastLeavingDay: {
    name: words('超过预计离校日期仍在读', 'active past the expected leaving day'),
    basis: 'Art 18; R-23',
    purposes: ['dossiers', 'subsidies'],
    when: `e.state = 'active' and e.expected_leaving_on < p.today`,
    seen: `jsonb_build_object('expectedLeavingOn', e.expected_leaving_on)`,
  },
  suspensionExpired: {
    name: words('休学期满未复学', 'suspended past the last day of the suspension'),
    basis: 'Art 15',
    purposes: ['dossiers'],
    when: `e.state = 'suspended' and e.suspended_until < p.today`,
    seen: `jsonb_build_object('suspendedUntil', e.suspended_until)`,
  },
  samePhotograph: {
    name: words('与他人照片相同', 'the same photograph as of another student'),
    basis: 'Art 19, 26; R-24, R-30',
    purposes: ['dossiers', 'subsidies'],
    when: 'true',
    seen: `(select jsonb_build_object('others', l.others) from ${SAME_PHOTOGRAPH} l where l.others > 0)`,
  },
  guardianWithoutContact: {
    name: words('监护人无联系电话', 'a guardian without a telephone number'),
    basis: 'A11, A21',
    purposes: ['dossiers'],
    when: `${MINOR_IN(YEAR_OF('p.today'))} and ${STATED(`'guardianName'`)} and not ${STATED(`'guardianPhone'`)}`,
    seen: `'{}'::jsonb`,
  },
  documentExpired: {
    name: words('身份证件已过有效期', 'an identity document past its last day'),
    basis: 'Art 27; R-31',
    purposes: ['dossiers'],
    when: `s.document_type <> 'residentId' and ${EXPIRED} < p.today`,
    seen: `jsonb_build_object('validThrough', ${EXPIRED})`,
  },
  identityNotAuthenticated: {
    name: words('身份信息未经认证', 'an identity that was not authenticated'),
    basis: 'Art 9; R-09',
    purposes: ['dossiers', 'subsidies'],
    when: `e.state = 'active' and s.authentication = 'pending'`,
    seen: `'{}'::jsonb`,
  },
  otherRegister: {
    name: words('其他学籍系统中有有效学籍', 'a registration in a register of other schools'),
    basis: 'Art 8, 10; R-08, R-10',
    purposes: ['dossiers', 'subsidies'],
    when: `e.state in ('active', 'suspended')`,
    seen: `(select jsonb_build_object('registers', jsonb_object_agg(c.register, c.holding)) from register_check c
      join other_register r using (register) where c.student_id = e.student_id and c.answer = 'held' and c.settled_by is null
      having count(*) > 0)`,
  },
  documentOfAnother: {
    name: words('证件与他人重复', 'a document that another student has too'),
    basis: 'Art 10, 11; R-10, A5',
    purposes: ['dossiers', 'subsidies'],
    when: `s.document_standing <> 'own'`,
    seen: `jsonb_build_object('document', s.document_standing)`,
  },
} as const satisfies Readonly<Record<string, DoubtRule>>;
export type DoubtRuleCode = keyof typeof DOUBT_RULES;

export const DOUBT_RULE_CODES = Object.keys(DOUBT_RULES) as DoubtRuleCode[];
export const rulesOfPurpose = (purpose: DoubtPurpose): DoubtRuleCode[] =>
  DOUBT_RULE_CODES.filter((code) => (DOUBT_RULES[code].purposes as readonly DoubtPurpose[]).includes(purpose));
