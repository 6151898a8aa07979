import { namedClassAt } from '../classes/named-classes.js';
import { majorsInForce } from '../code-sets/catalogues.store.js';
import { areNamesakes } from '../domain/dossier/duplicates.js';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { trackOf } from '../domain/offices.js';
import { classBlocker } from '../domain/preconditions/index.js';
import { blockerWords } from '../domain/refusal.js';
import { recordsLike, type SimilarRecord } from '../dossier/detection.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { InputFault } from '../registrations/checks.js';
import { ImportedStudent } from './import-rows.dto.js';
import type { Applicable, Judging, SchoolKnown } from './judged.js';
import { faultAt, firstDayOf, isFaultyRead, numberIn, personIn, type FaultyRead, type FitRow } from './row-reading.js';

type PeopleKind = 'students' | 'graduates';
type Placed<K extends PeopleKind> = FitRow<K> & { readonly school: SchoolKnown };

/** Judges students and graduates: the school, the study, and whether the person or the number is on record already. */
export async function judgePeople<K extends PeopleKind>(
  judging: Judging,
  rows: readonly FitRow<K>[],
): Promise<(Applicable<K> | FaultyRead)[]> {
  const schools = await schoolsOf(judging, rows.map(({ input }) => input.schoolCode)); // prettier-ignore
  const placed = await Promise.all(rows.map((one) => place(judging.tx, one, schools.get(one.input.schoolCode))));
  const standing = await onRecord(
    judging,
    placed.filter((one): one is Placed<K> => !isFaultyRead(one)),
  );
  return placed.map((one) => (isFaultyRead(one) ? one : (standing.get(one.row) ?? one)) as Applicable<K> | FaultyRead);
}

/** Schools below the authority, open or closed, by their codes. */
async function schoolsOf({ tx, authorityId }: Judging, codes: readonly string[]): Promise<ReadonlyMap<string, SchoolKnown>> {
  const found = await tx.query<SchoolKnown[]>(
    `select id, code, type from organisation where level = 'school' and code = any($1::text[]) and $2::uuid = any(ancestors)`,
    [[...new Set(codes)], authorityId],
  );
  return new Map(found.map((one) => [one.code, one]));
}

/** Where and what somebody studies. A graduate's major and class may be of a time whose catalogue and classes are gone. */
async function place<K extends PeopleKind>(
  tx: Transaction,
  one: FitRow<K>,
  school: SchoolKnown | undefined,
): Promise<Placed<K> | FaultyRead> {
  const { row, input } = one;
  if (!school) return { row, faults: [faultAt('invalid-input', '/schoolCode', FIELD_FAULTS.notSchoolBelow)] };
  if (trackOf(school.type) !== 'vocational') return { row, faults: [faultAt('wrong-track', '/schoolCode')] };
  const faults = input instanceof ImportedStudent ? await studyFaults(tx, input, school.id) : [];
  return faults.length > 0 ? { row, faults } : { ...one, school };
}

async function studyFaults(tx: Transaction, input: ImportedStudent, schoolId: string): Promise<InputFault[]> {
  const [majors, named] = await Promise.all([majorsInForce(tx), namedClassAt(tx, schoolId, input.className)]);
  const classed = classBlocker(named, input, { owner: 'filer', pointer: '/className' });
  return [
    ...(majors.has(input.majorCode) ? [] : [faultAt('major-not-in-catalogue', '/majorCode')]),
    ...(classed ? [faultAt(classed.code, '/className', blockerWords(classed))] : []),
  ];
}

/** Where each of these people stands among the records: new, the continuation of a dossier, or held (Art 7, Art 8). */
async function onRecord<K extends PeopleKind>(judging: Judging, placed: readonly Placed<K>[]): Promise<ReadonlyMap<number, Applicable<K>>> {
  const { tx, cipher } = judging;
  const found = await recordsLike(tx, cipher, placed.map(({ input }) => personIn(input))); // prettier-ignore
  const owners = await ownersOfNumbers(judging, placed.map(({ input }) => numberIn(input))); // prettier-ignore
  const spells = await spellsOf(tx, found.flatMap((some) => some.map(({ studentId }) => studentId))); // prettier-ignore
  return new Map(
    placed.map(({ school, ...one }, nth) => {
      const like = (found[nth] ?? []).filter(({ types, authenticated }) => !areNamesakes(types, authenticated));
      const owner = owners.get(numberIn(one.input));
      const continued = like.length === 1 && like[0]?.toContinue && like[0].studentId === owner ? like[0] : undefined;
      const row: FitRow<K> = one as unknown as FitRow<K>;
      const held = heldFor(row, { like, owner, continued, spells });
      return [row.row, { ...row, known: { school, continues: continued?.studentId }, ...(held ? { held } : {}) } as Applicable<K>];
    }),
  );
}

interface Standing {
  readonly like: readonly SimilarRecord[];
  /** Whose number it is on record. */
  readonly owner: string | undefined;
  readonly continued: SimilarRecord | undefined;
  readonly spells: ReadonlyMap<string, readonly Spell[]>;
}

/** The same person is continued under the same number alone, and not over an enrolment that is on record. */
function heldFor<K extends PeopleKind>({ input }: FitRow<K>, { like, owner, continued, spells }: Standing): Applicable['held'] {
  const lastDay = 'leavingOn' in input ? input.leavingOn : '9999-12-31';
  const overlaps = (spells.get(continued?.studentId ?? '') ?? []).some(({ from, to }) => from <= lastDay && to >= firstDayOf(input));
  if ((like.length > 0 && !continued) || overlaps) return { code: 'possible-duplicate', pointer: '/document/number' };
  return owner !== undefined && !continued ? { code: 'student-number-taken', pointer: '/studentNumber' } : undefined;
}

async function ownersOfNumbers({ tx, cipher }: Judging, numbers: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const byDigest = new Map(numbers.map((number) => [cipher.index('studentNumber', number).toString('hex'), number]));
  const rows = await tx.query<{ id: string; digest: string }[]>(
    `select id, encode(number_index, 'hex') as digest from student where number_index in (select decode(unnest($1::text[]), 'hex'))`,
    [[...byDigest.keys()]],
  );
  return new Map(rows.map(({ id, digest }) => [byDigest.get(digest) ?? '', id]));
}

interface Spell {
  readonly from: string;
  readonly to: string;
}

/** From when to when these students were enrolled, whatever for. */
async function spellsOf(tx: Transaction, studentIds: readonly string[]): Promise<ReadonlyMap<string, readonly Spell[]>> {
  const rows = await tx.query<{ id: string; spells: Spell[] }[]>(
    `select student_id as id, jsonb_agg(jsonb_build_object('from', to_char(valid_from, 'YYYY-MM-DD'),
       'to', coalesce(to_char(valid_to, 'YYYY-MM-DD'), '9999-12-31'))) as spells
     from enrolment where student_id = any($1::uuid[]) and state <> 'deregistered' group by 1`,
    [[...new Set(studentIds)]],
  );
  return new Map(rows.map(({ id, spells }) => [id, spells]));
}
