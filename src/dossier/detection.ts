import type { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { EnrolmentState } from '../domain/dossier/dossier.js';
import { isLive, isToContinue, typesOf, type DuplicateType, type Likeness } from '../domain/dossier/duplicates.js';
import { indexOf, type Person } from './person.js';

/** A record that may be the person to be registered. */
export interface SimilarRecord {
  readonly studentId: string;
  readonly enrolmentId: string;
  readonly schoolId: string;
  readonly types: readonly DuplicateType[];
  readonly state: EnrolmentState;
  readonly live: boolean;
  readonly toContinue: boolean;
  /** The identity of the record is authenticated. */
  readonly authenticated: boolean;
}

interface Row {
  nth: number;
  studentId: string;
  enrolmentId: string;
  schoolId: string;
  state: EnrolmentState;
  document: boolean;
  formerDocument: boolean;
  name: boolean;
  sex: boolean;
  birthDate: Buffer;
  authenticated: boolean;
}

/** By blind indices, for all the persons at once: by document, by former document, by name and sex. */
const FIND = `
  with asked as (select * from unnest($1::int[], $2::bytea[], $3::bytea[], $4::text[], $5::bytea[]) as a (nth, document, name, sex,
    former)),
  found as (
    select a.nth, s.id from asked a join student s on s.document_index = a.document
    union select a.nth, s.id from asked a join student s on s.document_index = a.former
    union select a.nth, f.student_id from asked a join former_document f on f.document_index = a.document
    union select a.nth, s.id from asked a join student s on s.name_index = a.name and s.sex = a.sex
  )
  select a.nth, s.id as "studentId", e.id as "enrolmentId", e.school_id as "schoolId", e.state, s.document_index = a.document as document,
    coalesce(s.document_index = a.former, false) or exists (select 1 from former_document f where f.student_id = s.id
      and f.document_index = a.document) as "formerDocument",
    s.name_index = a.name as name, s.sex = a.sex as sex, s.birth_date_cipher as "birthDate",
    s.authentication <> 'pending' as authenticated
  from found join asked a using (nth) join student s using (id)
    cross join lateral (select * from enrolment e where e.student_id = s.id
      order by e.state in ('active','suspended') desc, e.valid_from desc, e.recorded_at desc limit 1) e
  where s.merged_into is null and not s.id = any($6::uuid[]) order by a.nth, s.id`;

/**
 * Art 8: for each person the records of every stage that are the same or may be; `except` are records that are not compared.
 * The birth date has no index: it is opened for who has the same name and sex.
 */
export async function recordsLike(
  tx: Transaction,
  cipher: FieldCipher,
  persons: readonly Person[],
  except: readonly string[] = [],
): Promise<SimilarRecord[][]> {
  const rows = await tx.query<Row[]>(FIND, [
    persons.map((_, nth) => nth),
    persons.map(({ document }) => indexOf.document(cipher, document)),
    persons.map(({ name }) => indexOf.name(cipher, name)),
    persons.map(({ sex }) => sex),
    persons.map(({ formerDocument }) => (formerDocument ? indexOf.document(cipher, formerDocument) : null)),
    except,
  ]);
  return persons.map(({ birthDate }, nth) =>
    rows.flatMap((row) => {
      if (row.nth !== nth) return [];
      const like: Likeness = { ...row, birthDate: cipher.decrypt(row.birthDate, `student.birthDate:${row.studentId}`) === birthDate };
      const types = typesOf(like);
      if (types.length === 0) return [];
      const { studentId, enrolmentId, schoolId, state, authenticated } = row;
      return [{ studentId, enrolmentId, schoolId, types, state, live: isLive(state), toContinue: isToContinue(like), authenticated }];
    }),
  );
}
