import type { Application } from '../../domain/case/acts.js';
import type { Kind } from '../../domain/procedure/procedure.js';
import type { Transaction } from '../../platform/database/in-scope.js';
import type { FoundStudy } from './change-items.js';

/** What the row of a request says beside its acts. */
export interface FiledRow {
  readonly filedAt: Date;
  readonly state: string;
  readonly application: Application | null;
  readonly filer: string;
  readonly sourceSchool: string;
  readonly destinationSchool: string | null;
  readonly sourceAuthority: string | null;
}

const FILED = `
  select r.filed_at as "filedAt", r.state, r.application, f.name as filer, s.name as "sourceSchool", d.name as "destinationSchool",
    a.name as "sourceAuthority"
  from change_request r join organisation f on f.id = r.filer_organisation_id join organisation s on s.id = r.source_school_id
    left join organisation d on d.id = r.destination_school_id left join organisation a on a.id = coalesce(s.acting_id, s.parent_id)
  where r.id = $1`;

export const filedRow = async (tx: Transaction, requestId: string): Promise<FiledRow | undefined> =>
  (await tx.query<FiledRow[]>(FILED, [requestId]))[0];

const STUDY = `
  o.name as school, v.state, v.major_code as "majorCode", v.grade, v.class_name as "className", v.study_mode as "studyMode",
    v.length_years::float as "lengthYears", to_char(v.enrolled_on, 'YYYY-MM-DD') as "enrolledOn"`;

/** The student's enrolment as it was on record at an instant, the one on roll first; a student who comes from outside had none. */
const FOUND = `
  select ${STUDY}
  from enrolment e cross join lateral (select * from enrolment_version v where v.enrolment_id = e.id and v.recorded_at <= $2
      order by v.seq desc limit 1) v join organisation o on o.id = v.school_id
  where e.student_id = $1 order by v.state in ('active', 'suspended') desc, e.valid_from desc, e.recorded_at desc limit 1`;

export const studyAt = async (tx: Transaction, studentId: string, at: Date): Promise<FoundStudy | undefined> =>
  (await tx.query<FoundStudy[]>(FOUND, [studentId, at]))[0];

/** The enrolment as a request left it, of a transfer that at the new school; undefined where the request changed none. */
const MADE = `
  select ${STUDY} from enrolment_version v join organisation o on o.id = v.school_id
  where v.request_id = $1 order by v.state in ('active', 'suspended') desc, v.recorded_at desc, v.seq desc limit 1`;

export const studyMadeBy = async (tx: Transaction, requestId: string): Promise<FoundStudy | undefined> =>
  (await tx.query<FoundStudy[]>(MADE, [requestId]))[0];

/** The names of organisations, by id. */
export async function organisationNames(tx: Transaction, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.query<{ id: string; name: string }[]>('select id, name from organisation where id = any($1::uuid[])', [ids]);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Number and kind of the request that another one cites. */
export const citedRequest = async (tx: Transaction, requestId: string): Promise<{ number: string; kind: Kind } | undefined> =>
  (await tx.query<{ number: string; kind: Kind }[]>('select number, kind from change_request where id = $1', [requestId]))[0];

/** Who keeps the paper dossier of the student now: the present or last school, and the authority in a closed one's place. */
export interface Keepers {
  readonly schoolId: string;
  readonly authorityId: string | null;
  readonly parentId: string | null;
}

const KEEPERS = `
  select o.id as "schoolId", coalesce(e.custodian_id, o.acting_id) as "authorityId", o.parent_id as "parentId"
  from enrolment e join organisation o on o.id = e.school_id where e.student_id = $1
  order by e.state in ('active', 'suspended') desc, e.valid_from desc, e.recorded_at desc limit 1`;

export const dossierKeepers = async (tx: Transaction, studentId: string): Promise<Keepers | undefined> =>
  (await tx.query<Keepers[]>(KEEPERS, [studentId]))[0];
