import type { MigrationInterface, QueryRunner } from 'typeorm';
import { BEYOND, HANDLED, WATCHED } from './scope.sql.js';
import { sqlFile } from './sql-file.js';

const below = (mine: string): string => `(select o.id from organisation o where o.id = any(${mine}) or o.ancestors && ${mine})`;
const BELOW = below(HANDLED);
const ME = `(select current_setting('xueji.person', true))`;

const THE_REQUEST = (id: string): string => `coalesce((select true from change_request r where r.id = ${id}), false)`;
const THE_STUDENT = (id: string): string => `coalesce((select true from student s where s.id = ${id}), false)`;

interface Policies {
  /** Which rows a person sees. */
  readonly seen: string;
  /** Which rows a person may write; none when left out. */
  readonly written?: string;
  /** Whether the system's own processes may remove rows; nobody else may of any table here. */
  readonly removedBySystem?: true;
  /** Rows are entered and never changed. */
  readonly appendOnly?: true;
}

const REQUEST_SEEN = `seen_by && ${WATCHED}`;
const STUDENT_SEEN = 'coalesce((select true from enrolment e where e.student_id = student.id limit 1), false)';
const ENROLMENT_SEEN = 'coalesce((select true from enrolment e where e.id = enrolment_id), false)';
const FACT_SEEN = THE_STUDENT('student_id');
const ACT_SEEN = `case stream when 'request' then ${THE_REQUEST('stream_id')} when 'student' then ${THE_STUDENT('stream_id')}
  else ${ME} <> '' end`;
const TEXT_OF = (seen: string): string =>
  `coalesce((select ${seen} from act a where a.stream_id = act_text.stream_id and a.seq = act_text.seq), false)`;
/** Whoever sees only how a request stands may add a text to it, and reads none. */
const TEXT_READ = TEXT_OF(
  `a.stream <> 'request' or coalesce((select r.seen_by && ${HANDLED} from change_request r where r.id = a.stream_id), false)`,
);
/** The school's own registrations; its authority takes some back (A20). */
const THEIR_SCHOOL = `school_id in ${BELOW}`;
const THE_GRADUATION = 'coalesce((select true from graduation g where g.id = graduation_id), false)';

const THEIR_AUTHORITY = `authority_id in ${BELOW}`;
const OF_IMPORT = 'coalesce((select true from import i where i.id = import_id), false)';
const OF_LIST = 'coalesce((select true from admission_list l where l.id = list_id), false)';

/** In the order in which they look at one another: none looks back. The arms of each `or` stand cheapest first. */
export const POLICIES: Readonly<Record<string, Policies>> = {
  change_request: { seen: REQUEST_SEEN, written: REQUEST_SEEN },
  task: {
    seen: `holder_id = any(${WATCHED}) or holder_id in ${below(WATCHED)} or escalated_to && ${WATCHED} or ${THE_REQUEST('request_id')}`,
    written: THE_REQUEST('request_id'),
  },
  enrolment: { seen: `school_id in ${BELOW} or custodian_id = any(${HANDLED}) or valid_from < student_until(student_id)` },
  enrolment_version: { seen: ENROLMENT_SEEN },
  certificate: { seen: ENROLMENT_SEEN, written: ENROLMENT_SEEN },
  student: { seen: STUDENT_SEEN, written: STUDENT_SEEN },
  student_fact: { seen: FACT_SEEN, written: FACT_SEEN },
  former_document: { seen: FACT_SEEN },
  register_check: { seen: FACT_SEEN, written: FACT_SEEN },
  dossier_evidence: { seen: FACT_SEEN },
  dossier_access: {
    seen: `person_id::text = ${ME} or ${FACT_SEEN}`,
    written: `person_id::text = ${ME}`,
    appendOnly: true,
  },
  student_sign_in: { seen: FACT_SEEN, written: FACT_SEEN, removedBySystem: true },
  student_session: { seen: 'false', removedBySystem: true },
  verification_code: { seen: 'false', removedBySystem: true },
  verification_use: { seen: 'false', removedBySystem: true, appendOnly: true },
  unmasking: {
    seen: `person_id::text = ${ME} or organisation_id in ${BELOW}`,
    written: `person_id::text = ${ME} and organisation_id = any(${HANDLED})`,
    appendOnly: true,
  },
  evidence: {
    seen: `organisation_ids && ${HANDLED} or shows_evidence(id)`,
    written: `uploaded_by::text = ${ME} and organisation_ids <@ ${HANDLED}`,
  },
  admission_list: { seen: THEIR_SCHOOL, written: THEIR_SCHOOL },
  admission: { seen: OF_LIST, written: OF_LIST, appendOnly: true },
  doubt_answer: { seen: THEIR_SCHOOL, written: THEIR_SCHOOL },
  data_statement: { seen: THEIR_SCHOOL, written: THEIR_SCHOOL },
  import: { seen: THEIR_AUTHORITY, written: THEIR_AUTHORITY },
  import_row: { seen: OF_IMPORT, written: OF_IMPORT },
  school_class: { seen: THEIR_SCHOOL, written: THEIR_SCHOOL },
  graduation: { seen: THEIR_SCHOOL, written: THEIR_SCHOOL },
  graduation_member: { seen: THE_GRADUATION, written: THE_GRADUATION },
  school_term: { seen: THEIR_SCHOOL, written: THEIR_SCHOOL },
  intake: { seen: THEIR_SCHOOL, written: THEIR_SCHOOL },
  term_registration: { seen: `school_id in ${BELOW} or ${FACT_SEEN}`, written: THEIR_SCHOOL },
  job: {
    seen: `started_by::text = ${ME} and organisation_id = any(${WATCHED})`,
    written: `started_by::text = ${ME} and organisation_id = any(${WATCHED})`,
    removedBySystem: true,
  },
  job_part: { seen: 'coalesce((select true from job j where j.id = job_id), false)', appendOnly: true },
  notification: { seen: `person_id::text = ${ME}`, written: `person_id::text = ${ME}`, removedBySystem: true },
  notification_preference: { seen: `person_id::text = ${ME}`, written: `person_id::text = ${ME}` },
  act: { seen: ACT_SEEN, written: ACT_SEEN },
  stream_head: { seen: 'false' },
  reader_head: { seen: 'false' },
  act_text: { seen: TEXT_READ, written: TEXT_OF('true') },
};

/** The student of a session of one; null in the scope of everybody else. */
const STUDENT = `(select nullif(current_setting('xueji.student', true), '')::uuid)`;
/** What a student's session sees beside what follows from it: tables that look at a student or a request show theirs. */
const OWN: Readonly<Record<string, string>> = {
  change_request: `student_id = ${STUDENT}`,
  enrolment: `student_id = ${STUDENT}`,
  verification_code: `student_id = ${STUDENT}`,
  verification_use: `student_id = ${STUDENT}`,
  // of texts beside requests the own objections, and no opinion
  act_text: `${STUDENT} is not null and field = 'objection' and ${TEXT_OF('true')}`,
};

const SYSTEM = `current_setting('xueji.reach', true) = 'system'`;

function protect([table, { seen, written, appendOnly, removedBySystem }]: [string, Policies]): string {
  const writable = `${BEYOND}${written ? ` or ${written}` : ''}`;
  return `
    alter table ${table} enable row level security, force row level security;
    create policy owner_sees_all on ${table} to current_user using (true) with check (true);
    create policy seen on ${table} for select to xueji_app using (${BEYOND} or ${seen});
    ${OWN[table] ? `create policy own on ${table} for select to xueji_app using (${OWN[table]});` : ''}
    create policy entered on ${table} for insert to xueji_app with check (${writable});
    ${removedBySystem ? `create policy removed on ${table} for delete to xueji_app using (${SYSTEM});` : ''}
    ${appendOnly ? '' : `create policy moved on ${table} for update to xueji_app using (${writable}) with check (${writable});`}`;
}

/**
 * What the application's role may do, and the second line (invariant 10): rows of cases and people are there only for the transaction's
 * scope. Two sorts of function run as the owner, and each keeps to the scope by itself:
 * 1. An index that a policy would hide, because an overlap of arrays is not leakproof.
 * 2. A function that answers yes or no.
 */
export class Access1800000000009 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(sqlFile('application-role'));
    await db.query(sqlFile('grants'));
    await db.query(Object.entries(POLICIES).map(protect).join('\n'));
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations are not undone'));
  }
}
