import { asOwner } from '../fixtures/owner.js';

export interface Student {
  id: string;
  state: string;
  className: string | null;
  enrolledOn: string;
  expectedLeavingOn: string;
  suspendedUntil: string | null;
  birthYear: number;
  authentication: string;
  documentType: string;
  standing: string;
  facts: string[];
  validThrough: string | null;
  /** Terms with a registration that stands, such as `2026-1`. */
  registered: string[];
  versions: { since: string; state: string }[];
}

/** The students on roll of a school, row by row. */
export const asRead = (system: { databaseUrl: string }, schoolId: string): Promise<Student[]> =>
  asOwner<Student[]>(
    system,
    `select s.id, e.state, e.class_name as "className", e.enrolled_on::text as "enrolledOn", e.expected_leaving_on::text as
       "expectedLeavingOn", e.suspended_until::text as "suspendedUntil", s.birth_year as "birthYear", s.authentication,
       s.document_type as "documentType", s.document_standing as standing,
       array(select distinct fact from student_fact f where f.student_id = s.id) as facts,
       (select max(day)::text from student_fact f where f.student_id = s.id) as "validThrough",
       array(select r.year || '-' || r.nth from term_registration r where r.student_id = s.id and r.retracted_at is null) as registered,
       (select jsonb_agg(jsonb_build_object('since', since, 'state', state) order by seq) from enrolment_version v
         where v.enrolment_id = e.id) as versions
     from enrolment e join student s on s.id = e.student_id
     where e.school_id = $1 and e.state in ('active', 'suspended') order by s.id`,
    [schoolId],
  );

/** Terms that should be registered on 23 November 2026 with first day and from when on their intake came, the latest first. */
const TERMS = [
  ['2026-1', '2026-09-01', '2026-04-21'],
  ['2025-2', '2026-02-20', '2025-11-21'],
  ['2025-1', '2025-09-01', '2025-04-21'],
] as const;

const activeSince = ({ versions }: Student, day: string): boolean =>
  versions.findLast(({ since }) => since <= day)?.state === 'active' &&
  versions.every(({ since, state }) => since <= day || state === 'active');

type Rule = (student: Student, today: string) => boolean;
const missed =
  (...terms: readonly (typeof TERMS)[number][]): Rule =>
  (student) => {
    const [, from, intake] = terms.at(-1)!;
    return student.enrolledOn < intake && activeSince(student, from) && terms.every(([term]) => !student.registered.includes(term));
  };

const RULES: Readonly<Record<string, Rule>> = {
  requiredMissing: ({ facts }) => !facts.includes('ethnicGroup'),
  implausibleAge: ({ enrolledOn, birthYear }) => {
    const age = Number(enrolledOn.slice(0, 4)) - birthYear;
    return age < 13 || age > 22;
  },
  unplaced: ({ state, className }) => state === 'active' && className === null,
  unregisteredForThreeTerms: missed(...TERMS),
  unregisteredForTheTerm: missed(TERMS[0]),
  pastLeavingDay: ({ state, expectedLeavingOn }, today) => state === 'active' && expectedLeavingOn < today,
  suspensionExpired: ({ state, suspendedUntil }, today) => state === 'suspended' && (suspendedUntil ?? today) < today,
  guardianWithoutContact: ({ birthYear, facts }, today) =>
    birthYear + 18 > Number(today.slice(0, 4)) && facts.includes('guardianName') && !facts.includes('guardianPhone'),
  documentExpired: ({ documentType, validThrough }, today) => documentType !== 'residentId' && (validThrough ?? today) < today,
  identityNotAuthenticated: ({ state, authentication }) => state === 'active' && authentication === 'pending',
  documentOfAnother: ({ standing }) => standing !== 'own',
};

/** What the rules find of students on a day, in the order of the lists. */
export const recounted = (students: readonly Student[], today: string): { studentId: string; rule: string }[] =>
  students.flatMap((student) =>
    Object.keys(RULES)
      .sort()
      .filter((rule) => RULES[rule]!(student, today))
      .map((rule) => ({ studentId: student.id, rule })),
  );
